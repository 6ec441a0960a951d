//! The binary: reads the command line, hands over.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

unsafe extern "C" {
    /// Sets one of the allocator's options, numbered as in its `mimalloc.h`.
    safe fn mi_option_set(option: std::ffi::c_int, value: std::ffi::c_long);
}

/// `mi_option_purge_delay`: how long, in milliseconds, memory that was freed is kept before the system has it back.
const PURGE_DELAY: std::ffi::c_int = 15;

fn main() -> ExitCode {
    // At once: a photo needs tens of megabytes for a moment, and they would stay counted as ours (measured: 82 MiB in place of
    // 203 after twenty photos of 3 MB, at the same cost of a page).
    mi_option_set(PURGE_DELAY, 0);
    louyi::commands::main()
}
