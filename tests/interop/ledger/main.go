// Checks a ledger written by Louyi with Go's own transparency log packages, golang.org/x/mod/sumdb/note and tlog,
// which share no code with Louyi. Debian carries them in golang-golang-x-mod-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go FOLDER VKEY-FILE PROOF-FILE ENTRY-FILE [OLD-CHECKPOINT]
//
// FOLDER holds checkpoint and tile/…, VKEY-FILE the verifier key. PROOF-FILE is a c2sp.org/tlog-proof@v1 of the entry
// in ENTRY-FILE. OLD-CHECKPOINT, if given, has to be an earlier state of the same ledger.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) < 5 {
		fail("arguments", errors.New("FOLDER VKEY-FILE PROOF-FILE ENTRY-FILE [OLD-CHECKPOINT]"))
	}
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(os.Args[2]))))
	check("verifier key", err)

	tree := open(read(filepath.Join(folder, "checkpoint")), verifier)
	fmt.Printf("checkpoint of %s: %d entries\n", verifier.Name(), tree.N)

	checkProof(read(os.Args[3]), read(os.Args[4]), verifier)
	fmt.Println("proof file: the entry is in the log")

	// TileHashReader checks each tile that it reads against the root, so this covers tiles of all levels.
	hashes := tlog.TileHashReader(tree, tiles(folder))
	root, err := tlog.TreeHash(tree.N, hashes)
	check("root from tiles", err)
	if root != tree.Hash {
		fail("root from tiles", errors.New("differs from the checkpoint"))
	}
	for first := int64(0); first < tree.N; first += 256 {
		var leaves []tlog.Hash
		var indexes []int64
		for _, entry := range bundle(folder, first/256, tree.N) {
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(len(leaves))))
			leaves = append(leaves, tlog.RecordHash(entry))
		}
		stored, err := hashes.ReadHashes(indexes)
		check("leaf hashes", err)
		for i, leaf := range leaves {
			if stored[i] != leaf {
				fail(fmt.Sprint("entry ", first+int64(i)), errors.New("differs from its leaf hash"))
			}
		}
		last := first + int64(len(leaves)) - 1
		proof, err := tlog.ProveRecord(tree.N, last, hashes)
		check("proof from tiles", err)
		check(fmt.Sprint("entry ", last), tlog.CheckRecord(proof, tree.N, tree.Hash, last, leaves[len(leaves)-1]))
	}
	fmt.Printf("tiles and bundles: all %d entries agree with the root\n", tree.N)

	if len(os.Args) > 5 {
		old := open(read(os.Args[5]), verifier)
		proof, err := tlog.ProveTree(tree.N, old.N, hashes)
		check("consistency", err)
		check("consistency", tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
		fmt.Printf("consistency: continues the log of %d entries\n", old.N)
	}
}

// open verifies a checkpoint and reads its three lines.
func open(msg []byte, verifier note.Verifier) tlog.Tree {
	opened, err := note.Open(msg, note.VerifierList(verifier))
	check("checkpoint", err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("checkpoint", errors.New("not origin, size and root"))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check("tree size", err)
	root, err := tlog.ParseHash(lines[2])
	check("root", err)
	return tlog.Tree{N: size, Hash: root}
}

// checkProof reads a c2sp.org/tlog-proof@v1 and verifies it.
func checkProof(file, entry []byte, verifier note.Verifier) {
	head, checkpoint, found := strings.Cut(string(file), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		fail("proof file", errors.New("malformed"))
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	check("index", err)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		check("proof hash", err)
		proof = append(proof, hash)
	}
	tree := open([]byte(checkpoint), verifier)
	check("inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
}

// bundle reads the entries of one bundle.
func bundle(folder string, index, size int64) [][]byte {
	tile := tlog.Tile{H: 8, L: 0, N: index, W: 256}
	if rest := size - index*256; rest < 256 {
		tile.W = int(rest)
	}
	path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data := bytes.NewBuffer(read(filepath.Join(folder, path)))
	var entries [][]byte
	for data.Len() > 0 {
		length := 1 << 16
		if data.Len() >= 2 {
			length = int(binary.BigEndian.Uint16(data.Next(2)))
		}
		if data.Len() < length {
			fail(path, errors.New("cut"))
		}
		entries = append(entries, data.Next(length))
	}
	if len(entries) != tile.W {
		fail(path, errors.New("wrong number of entries"))
	}
	return entries
}

// tiles reads tiles of C2SP's layout, whose paths leave out the height of tiles: it is always 8.
type tiles string

func (tiles) Height() int                     { return 8 }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (folder tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(folder), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	check(path, err)
	return data
}

func check(what string, err error) {
	if err != nil {
		fail(what, err)
	}
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
	os.Exit(1)
}
