"""What numbers count: people, places and machines, by the stems of their nouns, in the languages of the rules."""

from typing import Final

from comms.rules.checking import recorded

_PEOPLE: Final = recorded.listed(
    "user people person customer client colleague employee staff worker member patient student pupil teacher "
    "nurse doctor clinician agent caller driver passenger guest cashier manager household shopper buyer seller "
    "subscriber resident citizen applicant learner tenant trader clerk officer operator engineer visitor viewer "
    "player partner traveller traveler commuter tourist parent carer volunteer recipient reader listener "
    "merchant retailer donor claimant pensioner taxpayer voter policyholder cardholder attendee delegate farmer "
    "pharmacist paramedic midwife surgeon lecturer courier trainee dealer broker "
    "mitarbeiter mitarbeitern mitarbeiterinnen mitarbeitende mitarbeitenden beschäftigte beschäftigten nutzer nutzern "
    "nutzerinnen benutzer benutzern kunde kunden kundinnen personen menschen anrufer schüler schülerinnen patienten "
    "patientinnen kollegen kolleginnen utilisateur utilisateurs utilisatrices employé employés employées salarié "
    "salariés salariées collaborateurs collaboratrices clients clientes personnes élèves agents "
    "usuario usuarios usuaria usuarias empleado empleados empleada empleadas trabajador trabajadores trabajadoras "
    "persona personas cliente alumno alumnos alumnas paciente pacientes colega colegas colaboradores colaboradoras "
    "afectados afectadas agentes"
)
_PLACES: Final = recorded.listed(
    "site store shop branch office depot warehouse hospital clinic ward school campus plant factory station "
    "location country region county city town building hotel restaurant terminal airport port centre center "
    "filiale filialen standort standorte standorten märkte märkten läden büros krankenhäuser schulen magasin magasins "
    "agences sites écoles hôpitaux tienda tiendas sucursal sucursales oficina oficinas sede sedes almacén almacenes "
    "state province district borough area hospitales escuela escuelas"
)
_MACHINES: Final = recorded.listed("till device terminal laptop phone handset printer server router kiosk vehicle")
BY_STEM: Final = {
    form: kind
    for members, kind in ((_MACHINES, "machines"), (_PLACES, "places"), (_PEOPLE, "people"))
    for member in members
    for form in (member, recorded.stem(member))
}
