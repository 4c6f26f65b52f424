package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// overlay lays the environment over the scalar settings outside of lists:
// WIREROOM_STORE, WIREROOM_SERVER_LISTEN, WIREROOM_FETCH_WORKERS and so on.
// Lists of words take commas.
func overlay(v reflect.Value, prefix string, getenv func(string) (string, bool)) []error {
	var faults []error
	for f, value := range fields(v) {
		name := prefix + "_" + strings.ToUpper(yamlName(f))
		if value.Kind() == reflect.Struct {
			faults = append(faults, overlay(value, name, getenv)...)
			continue
		}
		word, ok := getenv(name)
		if !ok {
			continue
		}
		if err := set(value, word); err != nil {
			faults = append(faults, &Error{File: name, Message: err.Error()})
		}
	}
	return faults
}

// defaults fills in the default tags, in lists too.
func defaults(v reflect.Value) {
	for f, value := range fields(v) {
		switch {
		case value.Kind() == reflect.Struct:
			defaults(value)
		case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct:
			for i := range value.Len() {
				defaults(value.Index(i))
			}
		case value.IsZero() && f.Tag.Get("default") != "":
			// A default that can't be set is a fault of the program; the schema
			// test goes over all of them.
			_ = set(value, f.Tag.Get("default"))
		}
	}
}

// fields goes over the settings of a group.
func fields(v reflect.Value) func(func(reflect.StructField, reflect.Value) bool) {
	return func(yield func(reflect.StructField, reflect.Value) bool) {
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !yield(f, v.Field(i)) {
				return
			}
		}
	}
}

func yamlName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return name
}

func set(v reflect.Value, word string) error {
	if v.Type() == reflect.TypeFor[Duration]() {
		d, err := ParseDuration(word)
		v.SetInt(int64(d))
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(word)
	case reflect.Int:
		n, err := strconv.Atoi(word)
		if err != nil {
			return fmt.Errorf("expected a whole number, not %q", word)
		}
		v.SetInt(int64(n))
	case reflect.Bool:
		b, err := strconv.ParseBool(word)
		if err != nil {
			return fmt.Errorf("expected true or false, not %q", word)
		}
		v.SetBool(b)
	case reflect.Slice:
		return setList(v, word)
	default:
		return fmt.Errorf("can't be set from the environment")
	}
	return nil
}

func setList(v reflect.Value, word string) error {
	list := reflect.MakeSlice(v.Type(), 0, 4)
	for w := range strings.SplitSeq(word, ",") {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		e := reflect.New(v.Type().Elem()).Elem()
		if err := set(e, w); err != nil {
			return err
		}
		list = reflect.Append(list, e)
	}
	v.Set(list)
	return nil
}

// suggest names the setting that a misspelt key may have meant.
func suggest(key string) string {
	best, at := "", 3
	for _, k := range keys(reflect.TypeFor[Config]()) {
		if d := distance(key, k); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return "; docs/configuration.md lists the keys"
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func keys(t reflect.Type) []string {
	var all []string
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		all = append(all, yamlName(f))
		ft := f.Type
		if ft.Kind() == reflect.Slice {
			ft = ft.Elem()
		}
		if ft.Kind() == reflect.Struct {
			all = append(all, keys(ft)...)
		}
	}
	return all
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
