"""Sampan beside other search engines: the same catalogues, queries and judgements."""
