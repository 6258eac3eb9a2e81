"""Pages and what they change. A view: guards, fetch with permission, form, one call, answer."""
