"""What speaks to the outside of reviews: the press that sets documents."""
