package notes

// Organise changes the author's own fields of a note: no version, and nobody else sees it.
type Organise struct {
	Fields FieldsPatch `json:"fields"`
}

func (Organise) Name() string { return "organise" }

func (o Organise) check(l *Limits) error {
	if o.Fields.empty() {
		return Refuse(Invalid, "No valid fields to update")
	}
	return o.Fields.check(l)
}

func (o Organise) decide(d *decision) error {
	if err := d.may(ActOrganise); err != nil {
		return err
	}
	return d.organise(&o.Fields)
}
