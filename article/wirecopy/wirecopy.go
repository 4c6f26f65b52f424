// Package wirecopy understands the conventions of wire copy in plain text: the
// dateline that opens a piece and the sign-off that closes it, the marks in a
// headline, the editor's notes in brackets, bylines, picture credits, the names
// of agencies, and where the part begins that is not for publication.
//
// In goes one line or paragraph of plain text as an agency, a newspaper or a
// page shows it; out come the parts of an article.Record that it tells. The
// rules are those that English, German, French and Spanish copy share, with the
// scripts of the big Asian and Slavic agencies beside them.
//
// Everything here is a pure function that reads its text once. The package
// never guesses a year, never decides whether something may be published and
// never changes a word that it does not take away whole. What is not plainly a
// convention is ordinary prose and is left alone.
package wirecopy
