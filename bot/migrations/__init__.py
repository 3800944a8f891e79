"""How the database got its shape, and how an older one gets it too."""
