//! Keys, signed notes, checkpoints and proof files.

use louyi::kernel::ledger::{Checkpoint, CheckpointError, Note, NoteError, ProofFile, Signer, VerifierKey, checkpoint_note, key};

use super::{Log, ORIGIN, keys, signer};

/// Key and note of Go's documentation of golang.org/x/mod/sumdb/note.
#[test]
fn go_s_example_note_is_signed_and_read_alike() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let signer = Signer::from_secret_text(secret).unwrap();
    assert_eq!((signer.to_secret_text().as_str(), signer.verifier().to_string().as_str()), (secret, public));
    assert!(!format!("{signer:?}").contains("AYEKFA"));
    assert_eq!(Note::new(text).unwrap().sign(&signer).to_string(), format!("{text}\n{line}"));
    assert_eq!(Note::open(format!("{text}\n{line}").as_bytes(), &[public.parse().unwrap()]).unwrap().text(), text);
    for bad in ["", "a", "a+b", "a+00000000+AA==", &public.to_lowercase(), &public.replace("c74f20a3", "C74F20A3"), &public[1..]] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    assert!(["", "a b", "a+b", "a\u{3000}b", "a\n"].iter().all(|name| !key::is_name(name)));
}

#[test]
fn any_change_to_a_checkpoint_is_noticed_and_unknown_signatures_are_not_in_the_way() {
    let other = Signer::from_seed("witness.example", &[8; 32]).unwrap();
    let signed = Log::of(3).checkpoint().signed(&other).unwrap().sign(&signer());
    let text = signed.to_string();
    let open = |bytes: &[u8]| Checkpoint::open(bytes, ORIGIN, &keys());
    assert_eq!(open(text.as_bytes()).unwrap(), Log::of(3).checkpoint());
    assert_eq!(signed.verify(&[keys(), vec![other.verifier().clone()]].concat()).unwrap().len(), 2);
    assert_eq!(signed.clone().sign(&signer()).signatures.len(), 2);
    // The witness's line may change as it likes; every other bit counts.
    let unknown = text.find("— witness").unwrap()..text.find("— louyi").unwrap();
    for at in (0..text.len()).filter(|at| !unknown.contains(at)) {
        for bit in [0, 5, 7] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            assert!(open(&bytes).is_err(), "byte {at} bit {bit}");
        }
    }
    let state = Log::of(3).frontier;
    let note = checkpoint_note(&signer(), state.size(), &state.root()).unwrap();
    assert_eq!(note, Log::of(3).checkpoint().signed(&signer()).unwrap().to_string());
    let without = text[..unknown.start].to_owned() + &text[unknown.end..];
    assert!(open(without.as_bytes()).is_ok());
    assert_eq!(open(&text.as_bytes()[..unknown.end]), Err(CheckpointError::Note(NoteError::NoKnownKey)));
    assert!(matches!(Checkpoint::open(text.as_bytes(), "elsewhere", &keys()), Err(CheckpointError::Origin { .. })));
    let forged = text.replace("\n3\n", "\n4\n");
    assert_eq!(open(forged.as_bytes()), Err(CheckpointError::Note(NoteError::Forged(ORIGIN.into()))));
    let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert_eq!(Checkpoint::parse(&format!("o\n0\n{root}\nx\n")).unwrap().to_string(), format!("o\n0\n{root}\nx\n"));
    for bad in [
        "",
        "\n",
        "o\n0\n",
        "o\n00\nR\n",
        "o\n01\nR\n",
        "o\n+1\nR\n",
        "o\n 1\nR\n",
        "o\n\nR\n",
        "o\n0x1\nR\n",
        "\n0\nR\n",
        "o\n9223372036854775808\nR\n",
        "o\n0\nR",
        "o\n0\nR\n\n",
        "o\n0\nR=\n",
        "o\n0\n\n",
        "o\n0\nAAAA\n",
        "o\r\n0\r\nR\r\n",
    ] {
        assert!(Checkpoint::parse(&bad.replace('R', root)).is_err(), "{bad:?}");
    }
}

#[test]
fn a_proof_file_proves_its_entry_and_no_other() {
    let log = Log::of(700);
    for index in [0, 255, 256, 699] {
        let file = ProofFile { extra: (index == 0).then(|| b"abc".to_vec()), ..log.proof_file(index) };
        let read = ProofFile::parse(file.to_string().as_bytes()).unwrap();
        assert_eq!(read, file);
        assert_eq!(read.verify(&log.entries[index as usize], ORIGIN, &keys()).unwrap(), log.checkpoint());
        assert!(read.verify(&log.entries[1], ORIGIN, &keys()).is_err());
    }
    let alone = Log::of(1);
    let text = alone.proof_file(0).to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nlouyi.example/ledger\n1\n"));
    assert!(ProofFile::parse(text.as_bytes()).unwrap().verify(&alone.entries[0], ORIGIN, &keys()).is_ok());
    for (good, bad) in
        [("@v1", "@v2"), ("index 0", "index 00"), ("index 0", "extra \nindex 0"), ("index 0\n", ""), ("0\n\n", "0\nAA\n\n"), ("\n\n", "\n")]
    {
        assert!(ProofFile::parse(text.replacen(good, bad, 1).as_bytes()).is_err(), "{bad}");
    }
}
