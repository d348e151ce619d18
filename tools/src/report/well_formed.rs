//! A light check that a page is well-formed: every tag is closed in its turn, attributes are quoted and once, and text has
//! no stray `<` or `&`. What is between `<![CDATA[` and `]]>`, and the style, is not looked at.

/// What is wrong with a page, if anything.
pub fn fault(page: &str) -> Option<String> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>\n")?;
    let mut open: Vec<&str> = Vec::new();
    while let Some(start) = rest.find('<') {
        if let Some(fault) = text_fault(&rest[..start], open.last().copied()) {
            return Some(fault);
        }
        rest = &rest[start..];
        if rest.starts_with("<![CDATA[") {
            rest = &rest[rest.find("]]>")? + 3..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            return Some("a tag does not end".to_owned());
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        match tag.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => {
                return Some(format!("</{name}> closes nothing"));
            }
            Some(_) => {}
            None => {
                let name = tag.split([' ', '/']).next().unwrap_or_default();
                if let Some(fault) = attributes_fault(tag[name.len()..].trim_end_matches('/')) {
                    return Some(format!("<{tag}>: {fault}"));
                }
                if !tag.ends_with('/') {
                    open.push(name);
                }
            }
        }
    }
    (!open.is_empty()).then(|| format!("left open: {open:?}"))
}

fn text_fault(text: &str, within: Option<&str>) -> Option<String> {
    let is_bare = |at: usize| {
        let after = &text[at + 1..];
        !["amp;", "lt;", "gt;", "quot;", "#39;"]
            .iter()
            .any(|name| after.starts_with(name))
    };
    let bare = text.match_indices('&').any(|(at, _)| is_bare(at));
    (bare && within != Some("style")).then(|| format!("a bare & in {text:?}"))
}

fn attributes_fault(mut rest: &str) -> Option<String> {
    let mut seen = Vec::new();
    while !rest.trim().is_empty() {
        let Some((name, after)) = rest.trim_start().split_once("=\"") else {
            return Some(format!("unquoted: {rest}"));
        };
        let Some((value, left)) = after.split_once('"') else {
            return Some(format!("{name} does not end"));
        };
        if seen.contains(&name) || name.contains(' ') {
            return Some(format!("{name} comes twice or has no value"));
        }
        if let Some(fault) = text_fault(value, None) {
            return Some(fault);
        }
        seen.push(name);
        rest = left;
    }
    None
}

#[test]
fn faults_are_found() {
    let page = |body: &str| fault(&format!("<!DOCTYPE html>\n{body}"));
    assert_eq!(page("<p class=\"a\">x &amp; y<br/></p>"), None);
    for wrong in [
        "<p>",
        "<p></b>",
        "<p a=1></p>",
        "<p>a & b</p>",
        "<p a=\"1\" a=\"2\"></p>",
        "<p",
    ] {
        assert!(page(wrong).is_some(), "{wrong}");
    }
}
