//! Spreadsheets as people have them: every encoding, merged cells, formulas, and files made to break the reader.

use std::io::Write as _;

use louyi::kernel::spreadsheet::{COLUMNS, ROWS, Row, SheetFault, Spreadsheet, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn table(text: &str) -> Spreadsheet {
    read(text.as_bytes()).expect("a table")
}

fn row(line: u32, cells: &[&str]) -> Row {
    Row { line, cells: cells.iter().map(|c| (*c).to_owned()).collect() }
}

#[test]
fn every_encoding_that_excel_writes_is_read() {
    let text = "编号,内容\r\n1,电梯困人\r\n";
    let expected = Spreadsheet { head: vec!["编号".into(), "内容".into()], rows: vec![row(2, &["1", "电梯困人"])] };
    let utf16: Vec<u8> = "\u{feff}编号\t内容\r\n1\t电梯困人\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (gb, ..) = encoding_rs::GB18030.encode(text);
    for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &gb, &utf16] {
        assert_eq!(read(bytes).as_ref(), Ok(&expected));
    }
    assert_eq!(table("sep=;\n编号;内容\n1;电梯困人\n").rows, [row(2, &["1", "电梯困人"])]);
    assert_eq!(read(&[0x82, 0xFF, 0xFE, 0x81, 0xFF, 0x80]), Err(SheetFault::Encoding));
    assert_eq!(read(b"a,b\n\0\0\0,1\n"), Err(SheetFault::Encoding));
}

#[test]
fn rows_keep_their_numbers_and_say_where_they_are_too_long() {
    let read = table("2025年投诉台账,,\n编号,内容\n\n1,\"两行\n在一格里\"\n2,b,多出来的,\n");
    assert_eq!(read.head, ["编号", "内容"], "a title alone in its row is not the head");
    assert_eq!(read.rows, [row(3, &["1", "两行\n在一格里"]), row(4, &["2", "b", "多出来的"])]);
    // What was made safe on the way out is itself again.
    assert_eq!(table("a,b\n'=1+1,'好\n").rows, [row(2, &["=1+1", "'好"])]);
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    assert_eq!(read(b""), Err(SheetFault::Empty));
    assert_eq!(read(b"\xEF\xBB\xBF\r\n,,\r\n"), Err(SheetFault::Empty));
    assert_eq!(read("编号,内容\n".as_bytes()), Err(SheetFault::NoRows));
    assert_eq!(read("编号,内容\n1,好\n2,\"没完\n3,c\n".as_bytes()), Err(SheetFault::Quote(3)));
    assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]), Err(SheetFault::OldOrLocked));
    assert_eq!(read(b"PK\x03\x04 and nothing of the kind"), Err(SheetFault::NoSheet));
    let wide = |n: usize| format!("{}\n{}\n", vec!["h"; n].join(","), vec!["c"; n].join(","));
    assert_eq!(read(wide(300).as_bytes()), Err(SheetFault::TooManyColumns(300)));
    assert_eq!(read(wide(COLUMNS).as_bytes()).map(|t| t.head.len()), Ok(COLUMNS));
    let long = |n: usize| format!("a,b\n{}", "1,2\n".repeat(n));
    assert_eq!(read(long(ROWS).as_bytes()).map(|t| t.rows.len()), Ok(ROWS));
    assert_eq!(read(long(ROWS + 1).as_bytes()), Err(SheetFault::TooManyRows));
    assert_eq!(read(long(ROWS * 2).as_bytes()), Err(SheetFault::TooManyRows));
}

#[test]
fn a_workbook_gives_days_results_of_formulas_and_merged_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (bold, day) = (Format::new().set_bold(), Format::new().set_num_format("yyyy/m/d"));
    sheet.merge_range(0, 0, 0, 3, "2025年投诉台账", &bold).expect("a title");
    for (c, word) in ["编号", "日期", "楼层", "内容"].iter().enumerate() {
        sheet.write(1, c as u16, *word).expect("a head");
    }
    sheet.merge_range(2, 2, 3, 2, "18", &bold).expect("two rows of one floor");
    sheet.write(2, 0, 20_250_300_001_f64).expect("a long number");
    sheet.write_with_format(2, 1, ExcelDateTime::from_ymd(2025, 3, 7).expect("a day"), &day).expect("a day");
    sheet.write(2, 3, "电梯困人").expect("words");
    sheet.write_formula(3, 0, Formula::new("=A3+1").set_result("20250300002")).expect("a formula");
    sheet.write(3, 1, 45723.0).expect("a serial");
    sheet.write_formula(3, 3, Formula::new("=1/0").set_result("#DIV/0!")).expect("a formula");
    let read = read(&book.save_to_buffer().expect("a file")).expect("a table");
    assert_eq!(read.head, ["编号", "日期", "楼层", "内容"]);
    assert_eq!(read.rows[0], row(3, &["20250300001", "2025-03-07", "18", "电梯困人"]));
    assert_eq!(read.rows[1].cells[..3], ["20250300002", "45723", "18"], "merged downwards, it is meant for each row");
    assert_eq!(read.rows[1].cell(3), "#DIV/0!");
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A workbook of one sheet with this in its cells.
fn workbook(data: &str) -> Vec<u8> {
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let package = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r0" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let sheet = format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{data}</sheetData></worksheet>"#);
    archive(&[
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_file_made_to_fill_the_memory_is_refused_before_it_does() {
    let cell = |at: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>a</t></is></c>"#);
    let small = workbook(&format!("<row r=\"1\">{}{}</row><row r=\"2\">{}</row>", cell("A1"), cell("B1"), cell("A2")));
    assert_eq!(read(&small).map(|t| t.rows), Ok(vec![row(2, &["a"])]));
    // Two cells that claim a table of 17 thousand million.
    let corners = workbook(&format!("<row r=\"1\">{}{}</row><row r=\"1048576\">{}</row>", cell("A1"), cell("B1"), cell("XFD1048576")));
    assert_eq!(read(&corners), Err(SheetFault::TooManyColumns(16_384)));
    let backwards = workbook(&format!("<row r=\"2\">{}</row><row r=\"1\">{}</row>", cell("A2"), cell("A1")));
    assert_eq!(read(&backwards), Err(SheetFault::NoSheet));
    // A fraction of a megabyte that unpacks to a quarter of a gigabyte.
    let bomb = archive(&[("xl/workbook.xml", &vec![b' '; 260 * 1024 * 1024])]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(read(&bomb), Err(SheetFault::TooLarge));
}
