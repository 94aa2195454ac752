"""A patient's record as HL7 FHIR R4 resources, as it would leave the hospital's EMR for another system.

``bundle`` is pure and uses the standard library only: the same record gives the same bytes. What leaves is the record
and nothing else: no exercise, no key, no reviewer's note. Local codes and identifiers stand under example.org, a name
that belongs to nobody.
"""

from simemr.fhir.bundle import bundle

__all__ = ["bundle"]
