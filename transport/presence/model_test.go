package presence

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// What a reader makes of its frames is what the senders show, whenever it has read all; and who
// stops to show something is said once.
func TestAReaderKnowsWhatIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rooms(nil)
		reader, _ := r.take(0)
		seats, truth, view := map[int]*Seat{}, map[string]string{}, map[string]string{}
		read := func(most int) {
			frames, more := reader.Read(most)
			if len(frames) > most {
				t.Fatalf("%d frames of at most %d", len(frames), most)
			}
			for _, frame := range frames {
				var f struct {
					SenderID string
					Data     json.RawMessage
				}
				if err := json.Unmarshal(frame, &f); err != nil {
					t.Fatal(err)
				}
				if string(f.Data) != "null" {
					view[f.SenderID] = string(f.Data)
					continue
				}
				if _, told := view[f.SenderID]; !told {
					t.Fatalf("%s: it was told before, or never there", frame)
				}
				delete(view, f.SenderID)
			}
			if !more && fmt.Sprint(view) != fmt.Sprint(truth) {
				t.Fatalf("the reader knows %v; shown is %v", view, truth)
			}
			if more && len(frames) == 0 {
				t.Fatal("there is more, and nothing comes")
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"show": func(t *rapid.T) {
				i, v := rapid.IntRange(1, 5).Draw(t, "who"), rapid.IntRange(0, 3).Draw(t, "what")
				if seats[i] == nil {
					seats[i], _ = r.take(i)
				}
				data := json.RawMessage(fmt.Sprint(v))
				if v == 0 {
					data = nil
				}
				if err := seats[i].Show(data, false); err != nil {
					t.Fatal(err)
				}
				if delete(truth, sender(i).ID); v != 0 {
					truth[sender(i).ID] = fmt.Sprint(v)
				}
			},
			"leave": func(t *rapid.T) {
				i := rapid.IntRange(1, 5).Draw(t, "who")
				if seats[i] != nil {
					seats[i].Leave()
				}
				delete(seats, i)
				delete(truth, sender(i).ID)
			},
			"look again": func(t *rapid.T) { // as one who joins again
				frame := reader.State()
				if frame == nil {
					return
				}
				var state struct{ Data map[string]json.RawMessage }
				if err := json.Unmarshal(frame, &state); err != nil {
					t.Fatal(err)
				}
				for id, data := range state.Data {
					view[id] = string(data)
				}
			},
			"read some": func(t *rapid.T) { read(rapid.IntRange(1, 3).Draw(t, "most")) },
			"read all":  func(*rapid.T) { read(100) },
		})
	})
}
