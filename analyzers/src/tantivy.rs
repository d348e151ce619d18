//! The only adapter to tantivy's tokenizer trait.

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analyzer::Analyzer;

/// Name that the tokenizer is registered under.
pub const TOKENIZER_NAME: &str = "sampan";

/// Emits the analyser's index tokens. Cheap to clone.
#[derive(Clone)]
pub struct SampanTokenizer {
    analyzer: Arc<Analyzer>,
    tokens: TokenBuffer,
}

impl SampanTokenizer {
    pub fn new(analyzer: Arc<Analyzer>) -> Self {
        Self {
            analyzer,
            tokens: TokenBuffer::default(),
        }
    }
}

/// Tokens of one text; their strings are reused by the next.
#[derive(Clone, Default)]
struct TokenBuffer {
    tokens: Vec<Token>,
    used: usize,
}

pub struct SampanTokenStream<'a> {
    buffer: &'a mut TokenBuffer,
    /// Tokens handed out so far.
    given: usize,
}

impl Tokenizer for SampanTokenizer {
    type TokenStream<'a> = SampanTokenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SampanTokenStream<'a> {
        let buffer = &mut self.tokens;
        buffer.used = 0;
        self.analyzer.index_tokens(text, &mut |found| {
            if buffer.used == buffer.tokens.len() {
                buffer.tokens.push(Token::default());
            }
            let token = &mut buffer.tokens[buffer.used];
            buffer.used += 1;
            token.reset();
            token.text.push_str(found.term);
            token.offset_from = found.start as usize;
            token.offset_to = found.end as usize;
            token.position = found.position as usize;
        });
        SampanTokenStream { buffer, given: 0 }
    }
}

impl TokenStream for SampanTokenStream<'_> {
    fn advance(&mut self) -> bool {
        let more = self.given < self.buffer.used;
        self.given += usize::from(more);
        more
    }

    fn token(&self) -> &Token {
        &self.buffer.tokens[self.given - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.buffer.tokens[self.given - 1]
    }
}
