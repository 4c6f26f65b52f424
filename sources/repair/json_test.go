package repair

import (
	"strings"
	"testing"
)

// TestJSON shows what becomes of each kind of damage. The cases are values of
// a member that means nothing to gofeed.
func TestJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"sound", `{ "b" : [ 1 , -2.5e3 , true , null , "é\u00e9\n\/" , {} , [] ] }`, ""},
		{"commas", `[,1,,2,]`, `[1,2]`},
		{"missing commas", `[1 2 "a" "b" {"a":1 "b":2}]`, `[1 ,2 ,"a" ,"b" ,{"a":1 ,"b":2}]`},
		{"missing comma between members", `{"a":"x" "b":"y"}`, `{"a":"x" ,"b":"y"}`},
		{"members without values", `{"a","b":,"c":1,"d"}`, `{"b":null,"c":1}`},
		{"keys without quotes", `{a:1, b-c : 2, 'd':3, $e:4}`, `{"a":1, "b-c" : 2, "d":3, "$e":4}`},
		{"no colon", `{"a" 1, "b"="c"}`, `{"a" :1, "b":"c"}`},
		{"single quotes", `['it\'s "a"', 'b']`, `["it's \"a\"", "b"]`},
		{"quotes inside", `["a "b" c", "d "e"", {"f":"g "h"", "i":""j" k"}]`, `["a \"b\" c", "d \"e\"", {"f":"g \"h\"", "i":"\"j\" k"}]`},
		{"line breaks inside", "[\"a\nb\r\tc\"]", `["a\nb\r\tc"]`},
		{"control characters", "[\"a\x00\x08b\u0092\uFFFEc\"]", `["ab’c"]`},
		{"escaped control characters", `["\u0000a\u0008\b\f\u0092\u0081\uFFFFb\u000a\t"]`, `["a’b\u000a\t"]`},
		{"escapes of others", `["\x41\'\0\u12G4\"", "\
"]`, `["\\x41'\\0\\u12G4\"", ""]`},
		{"surrogates", `["\ud83d\ude00\ud83d"]`, ""},
		{"words of others", `[True,False,None,undefined,NaN,-Infinity,NULL]`, `[true,false,null,null,null,null,null]`},
		{"numbers of others", `[01,+1,.5,1.,0x1F,1e,1_000]`, `["01","+1",".5","1.","0x1F","1e","1_000"]`},
		{"words without quotes", `[hello, b/c]`, `["hello", "b/c"]`},
		{"comments", "[1, // one\n 2 /* two */, 3]", "[1 \n ,2  ,3]"},
		{"wrong brackets", `{"a":[1,2}`, `{"a":[1,2]}`},
		{"wrong brackets the other way", `[{"a":1]`, `[{"a":1}]`},
		{"cut", `{"a":["b`, `{"a":["b"]}`},
		{"cut in an escape", `["b\`, `["b"]`},
		{"cut behind a key", `{"a":1,"b"`, `{"a":1}`},
		{"cut behind a colon", `{"a":1,"b":`, `{"a":1,"b":null}`},
	} {
		if c.want == "" {
			c.want = c.in
		}
		res, err := Document([]byte(`{"x":`+c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got, want := string(res.Body), `{"x":`+c.want+`}`; got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
		if err := checkResult(res, Limits{}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestJSONFeed shows how members get the types that gofeed expects.
func TestJSONFeed(t *testing.T) {
	t.Parallel()
	feed := func(member string) string { return `{"version":"https://jsonfeed.org/version/1.1",` + member + `}` }
	item := func(member string) string { return feed(`"items":[{` + member + `}]`) }
	for _, c := range []struct{ name, in, want string }{
		{"sound", item(`"id":"1","title":"T","authors":[{"name":"n"}],"tags":["a"],"attachments":[{"url":"u","size_in_bytes":1}],"_x":{"id":1}`), ""},
		{"number as id", item(`"id":123`), item(`"id":"123"`)},
		{"large number as id", item(`"id":12345678901234567890`), item(`"id":"12345678901234567890"`)},
		{"true as title", item(`"title":true`), item(`"title":"true"`)},
		{"number as date", item(`"date_published":1709634030`), item(`"date_published":"1709634030"`)},
		{"null", item(`"title":null,"tags":null,"authors":null`), ""},
		{"object as icon", feed(`"icon":{"url":"x","w":1},"items":[]`), feed(`"icon":"x","items":[]`)},
		{"list as title", item(`"title":["","a","b"]`), item(`"title":"a"`)},
		{"object as nothing", item(`"summary":{"a":"b"}`), item(`"summary":""`)},
		{"author as string", item(`"author":"x"`), item(`"author":{"name":"x"}`)},
		{"author as list", item(`"author":["x",{"name":"y"}]`), item(`"author":{"name":"x"}`)},
		{"authors as object", item(`"authors":{"name":"x","url":1}`), item(`"authors":[{"name":"x","url":"1"}]`)},
		{"authors as string", feed(`"authors":"x","items":[]`), feed(`"authors":[{"name":"x"}],"items":[]`)},
		{"authors as strings and null", item(`"authors":["x",null,{"name":5,"_y":1}]`), item(`"authors":[{"name":"x"},{"_y":1,"name":"5"}]`)},
		{"tags as string", item(`"tags":"a, b,"`), item(`"tags":["a","b"]`)},
		{"tags as objects", item(`"tags":[{"name":"a"},5,""]`), item(`"tags":["a","5"]`)},
		{"attachments as object", item(`"attachments":{"url":"u","mime_type":["m"]}`), item(`"attachments":[{"mime_type":"m","url":"u"}]`)},
		{"attachments as strings", item(`"attachments":["u"]`), item(`"attachments":[{"url":"u"}]`)},
		{"names in another case", item(`"TITLE":1,"\u0069d":2`), item(`"TITLE":"1","\u0069d":"2"`)},
		{"items of other types", feed(`"items":[null,1,"a",{"id":"1"},[]]`), feed(`"items":[{"id":"1"}]`)},
		{"one item", feed(`"items":{"id":1}`), feed(`"items":[{"id":"1"}]`)},
		{"no items", feed(`"items":"none"`), feed(`"items":[]`)},
		{"items twice", feed(`"items":[{"id":"1"}],"items":[{"id":"2"},{"id":"3"}]`), feed(`"items":null,"items":[{"id":"2"},{"id":"3"}]`)},
		{"members twice", item(`"title":"X","title":"T"`), ""},
		{"what gofeed does not read", feed(`"hubs":[{"type":"WebSub","url":"u"}],"expired":"no","items":[{"id":"1","language":5,"x":{"title":1}}]`), feed(`"hubs":[{"type":"WebSub","url":"u"}],"expired":"no","items":[{"id":"1","language":"5","x":{"title":1}}]`)},
		{"an array of items", `[{"id":1,"title":"T"},]`, `{"version":"https://jsonfeed.org/version/1.1","title":"","items":[{"id":"1","title":"T"}]}`},
		{"white space and marks", "\uFEFF\n\u200B " + item(`"id":"1"`) + "\n<!-- x -->", item(`"id":"1"`)},
		{"guarded", ")]}',\n" + item(`"id":"1"`), item(`"id":"1"`)},
		{"a callback", "/**/feed(" + item(`"id":"1"`) + ");", item(`"id":"1"`)},
		{"no version", `{"title":5,"items":[{"id":1}]}`, `{"title":"5","items":[{"id":"1"}]}`},
		{"another vocabulary", `{"title":5,"type":"article","entries":[{"id":1}]}`, ""},
		{"a list of something else", `[{"a":1}]`, ""},
		{"cut in an item", strings.TrimSuffix(item(`"id":"1"},{"id":"2","title":"T`), "}]}"), feed(`"items":[{"id":"1"}]`)},
		{"cut in a member", strings.TrimSuffix(feed(`"items":[{"id":"1"}],"title":"abc`), "}"), feed(`"items":[{"id":"1"}]`)},
	} {
		if c.want == "" {
			c.want = c.in
		}
		res, err := Document([]byte(c.in), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := string(res.Body); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if res.Root == "" {
			continue
		}
		after, err := parse(res.Body)
		if err != nil || len(after.Items) != len(res.Entries) {
			t.Errorf("%s: gofeed: %v", c.name, err)
		}
	}
}
