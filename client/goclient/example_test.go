package goclient_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"notewire/client/goclient"
)

// A mutation is sent again, with the same id, until there is an answer.
func ExampleClient_Mutate() {
	c, err := goclient.New("http://localhost:3000", goclient.Options{})
	if err != nil {
		log.Fatal(err)
	}
	body := map[string]any{"mutationId": "0199566e-7c4e", "changes": map[string]any{"content": "milk, eggs"}}
	for {
		answer, err := c.Mutate(context.TODO(), "edit", "shopping", body)
		refusal, refused := errors.AsType[*goclient.Refusal](err)
		switch {
		case err == nil:
			fmt.Println("version", answer.Version, "at", answer.Cursor)
			return
		case refused && refusal.Code != "unavailable":
			log.Fatal(err) // nothing was written
		}
		time.Sleep(time.Second)
	}
}

// A list, and everything that happens after it.
func ExampleClient_Follow() {
	ctx := context.TODO()
	c, err := goclient.New("http://localhost:3000", goclient.Options{})
	if err != nil {
		log.Fatal(err)
	}
	page, err := c.Notes(ctx, goclient.ListQuery{ByID: true})
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(c.Follow(ctx, goclient.Subscription{Cursor: page.Cursor}, func(e goclient.Event) error {
		fmt.Println(e.Type, e.NoteID, e.Version)
		return nil
	}))
}
