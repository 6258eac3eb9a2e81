"""Questions of customers by meaning: collected call by call, grouped into topics, corrected by people."""
