"""How dates are written on our pages, where that differs from what Django knows of a language."""
