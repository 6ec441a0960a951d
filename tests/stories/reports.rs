//! What one person sends: filed once, found again by receipt or code, and known only to those whom they chose.

mod erasing;
mod filing;
mod receipts;
mod who;
