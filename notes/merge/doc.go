// Package merge joins two changes of one base: of texts ([Text]) and of JSON values ([JSON]), and
// shows what changed between two texts ([Diff]). It is pure: the same arguments give the same
// result, natively and as WebAssembly, and functions may be called concurrently.
//
// # Texts
//
// Text is a three-way merge (diff3) in two passes. The line pass aligns the base with each side by
// whole lines, their \n included. Where only one side changed lines, its lines are taken; where
// both did, in the same place or next to each other, the token pass looks inside: it pairs the old
// lines of a change with the new ones that are most like them, and aligns these by tokens. A token
// is a word (letters, digits, _ and their marks; don't, 10:30 and 2026-11-21 are one), a run of
// white space, a line end, or one other character; scripts written without spaces have one
// character per token, and an emoji sequence is one. Between words of which none is the same, equal
// spaces do not count: all of it is one replacement. Tokens are never cut, so valid UTF-8 stays
// valid, and two edits of one word never become a word that nobody wrote.
//
// Edits of different tokens are both applied. In particular:
//
//   - The same change on both sides is taken once.
//   - Insertions at one point are both kept, ours first, and not reported. Whole lines stay whole:
//     an inserted line comes before what the other side typed at the start of the line that
//     follows, and after what it typed at the end of the line before. Two last lines without \n
//     get one between them. If the words would join in that order but not in the other, theirs is first.
//   - What both deleted, even if only in part the same, is deleted.
//
// A conflict is an edit of what the other side edited otherwise or deleted, an insertion inside of
// what the other side replaced or deleted or into a line that it deleted, and changes which
// together would join two words, or two lines, that were apart in either text. There the
// result keeps ours; theirs is then only in the argument.
//
// A guard keeps what both inserted at one point from being doubled. If one insertion begins or
// ends with the other, the longer one is taken. Otherwise, of the whole lines that both inserted
// there, each is in the result as often as in the side that has it more often (the greater of the
// counts, not the sum): a second "milk" is one "milk", whatever is around it. Lines without a
// letter or digit (blank lines, rules, brackets) give structure to what they surround, and are
// never dropped that way. An insertion beside what the other side replaced is dropped if the
// replacement has the same there. Insertions at different points are never compared: a list may
// say milk twice.
//
// Hence every line that ours inserted is in the result, unless theirs edited a word that was moved
// into it, or typed at the edge of what it replaced: what theirs typed is then in that line, too.
// Every line that theirs inserted is, too, with the same exceptions, or ours inserted the same
// there, or a conflict is reported.
//
// # Bounds
//
// Memory is linear in the arguments: at worst, where each byte is a token, some 100 bytes for each
// of theirs. So is time, but for the alignment: that is limited to [maxSteps] steps for
// each side exactly (Myers, linear space), and to as many for what is then between
// lines or tokens that are unique in both texts. What is not aligned by then counts as changed as
// a whole, and is therefore a conflict if both sides changed it. Lines are paired by likeness in
// changes of at most [maxPairs] pairs; larger ones are aligned by tokens alone. A merge of three
// hostile texts of 1 MiB takes about a second.
package merge
