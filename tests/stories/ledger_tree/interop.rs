//! What we write, verified by a program that shares no code with us: `tests/interop/ledger/main.go`, on Go's own
//! packages as Debian ships them (`apt-get install golang-go golang-golang-x-mod-dev`).

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output},
};

use super::{Log, signer};

/// Where Debian puts the sources of Go libraries.
const DEBIAN_GOPATH: &str = "/usr/share/gocode";

#[test]
fn go_s_own_verifier_agrees() {
    let there = Path::new(DEBIAN_GOPATH).join("src/golang.org/x/mod/sumdb/tlog").is_dir();
    if !there || Command::new("go").arg("version").output().is_err() {
        assert!(std::env::var_os("LOUYI_TEST_GO").is_none(), "LOUYI_TEST_GO is set, but Go or golang.org/x/mod is missing");
        // Past the test harness, which keeps what passing tests print to itself.
        let _ = writeln!(std::io::stderr(), "SKIPPED go_s_own_verifier_agrees: apt-get install golang-go golang-golang-x-mod-dev");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/ledger/main.go");
    let built =
        go(Command::new("go").args(["build", "-o"]).arg(at("check")).arg(program).env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go")));
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));

    // 66,000 entries: tiles on three levels, partial ones on each.
    let (old, log) = (Log::of(65_537), Log::of(66_000));
    log.write(folder.path());
    fs::write(at("vkey"), signer().verifier().to_string()).unwrap();
    fs::write(at("old"), old.checkpoint().signed(&signer()).unwrap().to_string()).unwrap();
    fs::write(at("proof"), log.proof_file(65_600).to_string()).unwrap();
    fs::write(at("entry"), &log.entries[65_600]).unwrap();
    let check = || {
        let files = ["", "vkey", "proof", "entry", "old"].map(at);
        go(Command::new(at("check")).args(files))
    };
    let agreed = check();
    assert!(agreed.status.success(), "{}", String::from_utf8_lossy(&agreed.stderr));
    assert_eq!(String::from_utf8_lossy(&agreed.stdout).lines().count(), 4);

    // And it disagrees when it should, or the agreement would mean nothing.
    for (file, contents) in [("entry", &b"forged"[..]), ("tile/0/004", &[0; 8192]), ("checkpoint", b"louyi.example/ledger\n")] {
        let kept = fs::read(at(file)).unwrap();
        fs::write(at(file), contents).unwrap();
        assert!(!check().status.success(), "{file}");
        fs::write(at(file), kept).unwrap();
    }
}

fn go(command: &mut Command) -> Output {
    command.env("GO111MODULE", "off").env("GOPATH", DEBIAN_GOPATH).output().unwrap()
}
