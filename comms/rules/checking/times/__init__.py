"""Times of day and their zones: promised, told and recorded (C01, C02, C11, C20)."""
