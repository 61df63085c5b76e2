package transporttest

import (
	"sync"
)

var changeRules = []rule{
	{"a client changes between transports in mid-flight without a gap", handOver},
}

// handOver goes over from each transport to each: the next is opened from the place of the one
// before, which is closed when the next has had an event. All the while changes are written.
func handOver(t *trial) {
	var way []Transport
	for _, from := range t.all {
		for _, to := range t.all {
			way = append(way, from, to)
		}
	}
	var writer sync.WaitGroup
	writer.Go(func() { t.writes(len(way)) })
	var got []string
	var before *reader
	place := "0"
	for _, over := range way {
		r := t.dialAs(over, ann, place)
		f, _, err := r.read()
		if err != nil {
			t.Fatalf("%s: %v after %s", over.Name, err, place)
		}
		got = append(got, string(f.Data))
		if place = r.place; before != nil {
			before.Close()
		}
		before = r
	}
	writer.Wait()
	log := t.log(0)
	for i, data := range got {
		if want := log[i].Frame.Data; data != string(want) {
			t.Fatalf("as frame %d, over %s, came\n%.200s\nwant\n%.200s", i+1, way[i].Name, data, want)
		}
	}
	before.gets(log[len(way):])
}
