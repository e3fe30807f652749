"""A synthetic national data set: ten years of women, stays, referrals and contacts, none of whom or which is real."""
