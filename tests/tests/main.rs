//! Sampan's promises, one file each, kept or broken through gRPC alone.

mod admin_documents;
mod bad_requests;
mod catalog_batches;
mod catalog_refusals;
mod catalog_visibility;
mod dictionary_reload;
mod dictionary_swap;
mod events;
mod feed;
mod index_rebuild;
mod introspection;
mod restart;
mod restrictions;
mod restrictions_oracle;
mod search_explanations;
mod search_facets;
mod search_filters;
mod search_order;
mod search_paging;
mod search_rewrites;
mod search_scripts;
mod shared;
mod similar_items;
mod status;
mod stopping;
mod suggest;
