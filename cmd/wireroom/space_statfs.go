//go:build linux || darwin

package main

import "golang.org/x/sys/unix"

// freeSpace is how many bytes this user may still write to the disk that path is
// on (statvfs).
func freeSpace(path string) (uint64, bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil || st.Bsize <= 0 {
		return 0, false
	}
	return st.Bavail * uint64(st.Bsize), true
}
