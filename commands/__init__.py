"""The subcommands of `stepscope`: one module each, and what several of them share."""
