mod catalogue;
mod fold_in;
mod incremental;
mod kept_model;
mod whole;
