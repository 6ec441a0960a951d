//! Tasks of an issue.

use louyi::domain::rights::Right::{Desk, Triage, Work};

use super::{Row, may, row};

pub const ROWS: &[Row] = &[
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/steps", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/steps/<position>/tick", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/steps/<position>/removal", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/parts", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/parts/<position>/arrival", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/cost", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/safety", may(Desk)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/pictures", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/pictures", may(Desk)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/visit", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/visit", may(Desk)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/visits/<position>/answer", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/visits/<position>/answer", may(Desk)),
    row("GET", "/b/<_>/issues/<number>/tasks?<to>", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks", may(Triage)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>", may(Desk)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/acknowledgement", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/cancellation", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/cancellation", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/clock-run", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/clock-stop", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/clock-stop", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/completion", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/completion", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/extension", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/extension", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/extension/ruling", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/extension/ruling", may(Triage)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/finding", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/finding", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/return", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/return", may(Work)),
    row("GET", "/b/<_>/issues/<number>/tasks/<k>/send-back", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/send-back", may(Triage)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/start", may(Work)),
    row("POST", "/b/<_>/issues/<number>/tasks/<k>/verification", may(Triage)),
];
