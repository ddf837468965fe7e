"""Files of people, teams, services, sites, contacts and rotas: a dry run first, then exactly what it showed."""
