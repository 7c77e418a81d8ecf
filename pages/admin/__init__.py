"""The screens of the platform team."""
