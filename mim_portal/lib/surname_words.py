"""Surnames that are words, towns or first names too: alone, none of them says that a person is meant."""

from typing import Final

_WORDS: Final = """
    abbey archer baker ball banks barber bell best bishop black bond booker bridge bridges brook brooks brown bull
    burns bush butcher butler carpenter carter case castle chambers chance chandler church clay coats cook coop cooper
    court cross crowe dale dancer day dean drake draper driver duke east english farmer field fields finch fish fisher
    flood flower flowers flynn ford forest forester fox french frost gardener gardner gates gill glass glover gold good
    grant graves gray green grey grove hall hand hardy hawk hay heath hill holder holland holmes hood hope house hunt
    hunter ireland jewel judge kay keeper key keys king kings kitchen knight lake lamb lane law lawn leach leaf light
    little lock locke long lord love low major marsh marshall mason masters may meadows mercer miller mills mills moon
    moor moss nail new noble north nurse oakes odd olive page pages paige painter park parks park parson peace peacock
    pepper piper plank plant pole pond poole pope porter post potter power powers price prince proctor rains ray read
    reader reed rice rich ring rivers roach road rock root rose rush sage sands sargent school sea sergeant service
    sharp shepherd shield shields ship short silver singer small smart smith snow sparks spring squire stock stone
    storm street strong summer summers swift tanner taylor temple thorn tower towns tree tucker turner underwood vale
    vance vine wade wages wait walker wall walls ward ware waters weaver webb webber wells west wheeler white wild
    winter winters wise wolf wood woods work worth wright young
"""
_GERMAN: Final = """
    bach bauer baum becker berg bergmann blum brandt braun busch engel fischer frank fuchs fürst gross groß hahn haus
    heller herr herrmann hirsch hoffmann hofmann jäger kaiser keller klein koch könig krämer kraus kuhn kunz kurz lang
    lange lehmann lehrer linde maier maler meier meister mohr müller neu nuss otto pfeiffer reich reiter richter ritter
    roth schäfer schenk schmidt schneider schreiber schulz schwarz seiler sommer stahl stark stein stern straub strauß
    tag teich thal unger vogel vogt voss wagner wald weber weiss weiß wiese wirth wolff zimmer zimmermann
"""
_OTHERS: Final = """
    blanc bois bon chevalier comte dupont faure fontaine garnier grand gros lambert leclerc lefebvre legrand lemaire
    marchand masson mercier meunier moulin muller noir petit pont renard rey roi rousseau roux roy vallée verdier
    blanco bravo calle campo campos casa castillo cruz delgado esperanza flores fuentes guerra guerrero iglesia iglesias
    león luna marina mar marín mercado molina mora moreno montaña nieves paz pastor pena peña puerta ramos reyes rico
    ríos rojas rubio salas santos sierra sol soler torres valle vega vera vidal villa
"""
_TOWNS: Final = """
    austin barcelona berlin bradford bristol burton carlisle chester córdoba dallas denver derby florence frankfurt
    geneva hamilton hastings houston jackson kent lancaster leeds lincoln lisbon london lyon madrid madison milan
    milton montgomery newcastle newton norman orlando oxford paris perth preston richmond roma salisbury santiago
    sheffield stafford stratford sunderland sydney toledo trent valencia vienna warsaw warwick washington wellington
    weston winchester windsor worcester york zurich
"""
_FIRST_NAMES: Final = """
    adams adam albert alexander anthony arthur barry benjamin brian carl carol charles christian christopher clark
    daniel david dominic donald edward elliott elliot eric francis franklin frederick george gordon harry harvey henry
    howard hugh ivan jacob james jason jerome john joseph julian justin keith kim lawrence lee leo leon leonard lewis
    louis lucas luke marc marcus maria marie mario martin matthew max michael miguel mitchell nelson nicholas noel
    oliver oscar owen patrick paul peter philip ralph raymond robert robin roman rosa rosario russell ryan samuel simon
    stanley stephen stewart stuart terry theodore thomas tyler victor vincent walter wayne william
"""
ALL: Final = frozenset(word for group in (_WORDS, _GERMAN, _OTHERS, _TOWNS, _FIRST_NAMES) for word in group.split())
