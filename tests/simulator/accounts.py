"""German IBANs as people have, mistype and invent them."""

from functools import lru_cache

from schwifty import registry

from sepa import iban as ibans


@lru_cache(maxsize=1)
def get_bank_codes():
    """Return the German bank codes that exist."""
    return sorted({bank.bank_code for bank in registry.get_banks_by_country("DE")})


def make_iban(chance, bank_code):
    """Return an IBAN with right check digits and any account number."""
    bban = f"{bank_code}{chance.randrange(10**7, 10**10):010d}"
    return f"DE{ibans.check_digits('DE', bban)}{bban}"


def make_real_iban(chance):
    """Return an IBAN that fulfils its bank's own check digits as well."""
    while True:
        iban = make_iban(chance, chance.choice(get_bank_codes()))
        if not ibans.check(iban).warnings:
            return iban


def mistype(chance, iban, kind):
    """Return the IBAN with a mistake: a wrong digit, two, neighbours swapped, one lost and one added."""
    digits = list(iban[2:])
    place = chance.randrange(len(digits) - 1)
    if kind == "swap":
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
    elif kind == "shift":
        del digits[place]
        digits.insert(chance.randrange(len(digits)), str(chance.randrange(10)))
    else:
        places = [place] if kind == "digit" else chance.sample(range(len(digits)), 2)
        for one in places:
            digits[one] = str((int(digits[one]) + chance.randrange(1, 10)) % 10)
    return "DE" + "".join(digits)
