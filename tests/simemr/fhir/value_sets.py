"""What FHIR R4 demands beyond structure: the value sets with a required binding that the export uses, and invariants.

Written apart from the code, from the R4 specification (hl7.org/fhir/R4). ``problems`` names each breach with its path.
"""

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

# resource -> element -> the codes that R4 allows; an element in [brackets] must be there
CODES = {
    "Bundle": {"[type]": "document message transaction transaction-response batch batch-response history searchset "
                         "collection"},
    "Patient": {"gender": "male female other unknown"},
    "Encounter": {"[status]": "planned arrived triaged in-progress onleave finished cancelled entered-in-error "
                              "unknown"},
    "Flag": {"[status]": "active inactive entered-in-error"},
    "AllergyIntolerance": {"type": "allergy intolerance", "category": "food medication environment biologic",
                           "criticality": "low high unable-to-assess"},
    "MedicationRequest": {
        "[status]": "active on-hold cancelled completed entered-in-error stopped draft unknown",
        "[intent]": "proposal plan order original-order reflex-order filler-order instance-order option",
    },
    "MedicationStatement": {
        "[status]": "active completed entered-in-error intended stopped on-hold unknown not-taken"
    },
    "MedicationAdministration": {
        "[status]": "in-progress not-done on-hold completed entered-in-error stopped unknown"
    },
    "Observation": {
        "[status]": "registered preliminary final amended corrected cancelled entered-in-error unknown"
    },
    "DiagnosticReport": {
        "[status]": "registered partial preliminary final amended corrected appended cancelled entered-in-error unknown"
    },
    "DocumentReference": {"[status]": "current superseded entered-in-error",
                          "docStatus": "preliminary final amended entered-in-error"},
}  # fmt: skip
# CodeableConcepts with a required binding: the system, and its codes
CONCEPTS = {
    ("Condition", "clinicalStatus"): ("condition-clinical", "active recurrence relapse inactive remission resolved"),
    ("Condition", "verificationStatus"): (
        "condition-ver-status", "unconfirmed provisional differential confirmed refuted entered-in-error",
    ),
    ("AllergyIntolerance", "clinicalStatus"): ("allergyintolerance-clinical", "active inactive resolved"),
    ("AllergyIntolerance", "verificationStatus"): (
        "allergyintolerance-verification", "unconfirmed confirmed refuted entered-in-error",
    ),
}  # fmt: skip
# and those bound less tightly, which this export fills from HL7's own sets all the same
CATEGORIES = {
    "Condition": ("condition-category", "problem-list-item encounter-diagnosis"),
    "Observation": ("observation-category", "laboratory vital-signs"),
    "MedicationRequest": ("medicationrequest-category", "inpatient"),
    "MedicationStatement": ("medication-statement-category", "community"),
    "Flag": ("flag-category", "safety"),
}
INTERPRETATIONS = "N L H LL HH"
PERIODS = "s min h d wk mo a"
#: each element by which a resource says whom it is about
ABOUT = {"AllergyIntolerance": "patient"}


def problems(resource):
    """Yield what is wrong with one resource, as ``Type/id.element: why``."""
    kind, where = resource["resourceType"], f"{resource['resourceType']}/{resource.get('id')}"
    for name, allowed in CODES.get(kind, {}).items():
        element = name.strip("[]")
        found = resource.get(element)
        if found is None and name.startswith("["):
            yield f"{where}.{element}: missing"
        for code in found if isinstance(found, list) else [found] if found is not None else []:
            if code not in allowed.split():
                yield f"{where}.{element}: {code}"
    for (owner, element), (system, allowed) in CONCEPTS.items():
        # verificationStatus is 0..1; clinicalStatus is there unless the entry was made in error (con-3, ait-1)
        if owner == kind and (element in resource or element == "clinicalStatus"):
            yield from _concept(resource.get(element), system, allowed, f"{where}.{element}")
    if kind in CATEGORIES:
        found = resource.get("category")
        for one in found if isinstance(found, list) else [found]:
            yield from _concept(one, *CATEGORIES[kind], f"{where}.category")
    if kind not in ("Bundle", "Patient") and not resource.get(ABOUT.get(kind, "subject")):
        yield f"{where}: about nobody"
    yield from _invariants(resource, kind, where)


def _concept(concept, system, allowed, where):
    for coding in (concept or {}).get("coding", [{}]):
        if coding.get("system") != f"{TERMINOLOGY}/{system}" or coding.get("code") not in allowed.split():
            yield f"{where}: {coding}"


def _invariants(resource, kind, where):
    if kind == "Encounter" and resource.get("class", {}).get("system") != f"{TERMINOLOGY}/v3-ActCode":
        yield f"{where}.class: {resource.get('class')}"
    if kind == "Condition":
        over = resource["clinicalStatus"]["coding"][0]["code"] in ("inactive", "resolved", "remission")
        # con-4: what has abated is over
        if any(name.startswith("abatement") for name in resource) and not over:
            yield f"{where}: abated, and not over"
    if kind == "AllergyIntolerance":
        for reaction in resource.get("reaction", []):
            if reaction.get("severity") not in ("mild", "moderate", "severe") or not reaction.get("manifestation"):
                yield f"{where}.reaction: {reaction}"
    if kind == "MedicationAdministration":
        done = resource["status"] == "completed"
        if done == bool(resource.get("statusReason")):
            yield f"{where}: a reason and only a reason for a dose that was not given"
        # mad-1: a dosage has a dose or a rate
        if "dosage" in resource and not {"dose", "rateRatio", "rateQuantity"} & set(resource["dosage"]):
            yield f"{where}.dosage: neither dose nor rate"
    if kind == "Observation":
        values = [name for name in resource if name.startswith("value")]
        # obs-6 and vs-2: a value, or parts that have one
        if len(values) + ("component" in resource) + ("hasMember" in resource) != 1:
            yield f"{where}: {values or 'no value'}"
        for concept in resource.get("interpretation", []):
            yield from _concept(concept, "v3-ObservationInterpretation", INTERPRETATIONS, f"{where}.interpretation")
    for dosage in [*resource.get("dosageInstruction", []), *resource.get("dosage", [])] if kind in (
        "MedicationRequest", "MedicationStatement"
    ) else []:  # fmt: skip
        repeat = dosage["timing"]["repeat"]
        # tim-2 and tim-4: a period has a unit and is positive
        if "period" in repeat and (repeat.get("periodUnit") not in PERIODS.split() or repeat["period"] <= 0):
            yield f"{where}: {repeat}"
