"""Views of `/sign-in` with second factor and setup of factors, and of `/sign-out`."""

from app.sign_in.views import factor_setup, second_factor, sign_in
from app.sign_in.views._blueprint import bp

__all__ = ["bp", "factor_setup", "second_factor", "sign_in"]
