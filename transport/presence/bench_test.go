package presence

import (
	"fmt"
	"testing"
)

// One of a hundred who are present shows something else, and all who sit there read it.
func BenchmarkShow(b *testing.B) {
	for _, readers := range []int{10, 200} {
		b.Run(fmt.Sprintf("to %d", readers), func(b *testing.B) {
			r := rooms(nil)
			seats := make([]*Seat, max(readers, MostPresent))
			for i := range seats {
				seats[i], _ = r.take(i)
				if i < MostPresent {
					if err := seats[i].Show([]byte("0"), false); err != nil {
						b.Fatal(err)
					}
				}
			}
			for i := 0; b.Loop(); i++ {
				if err := seats[i%MostPresent].Show(fmt.Appendf(nil, `{"x":%d}`, i), false); err != nil {
					b.Fatal(err)
				}
				for _, s := range seats[:readers] {
					s.Read(presentAtOnce)
				}
			}
		})
	}
}

const presentAtOnce = 32
