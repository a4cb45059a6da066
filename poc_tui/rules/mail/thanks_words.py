"""How people say thank you and that all is well, by language: phrases for `thanks`.

`(a|b)` stands for one of them, `(a|b|)` also for none; all as `rules.text.words` has them: in small
letters, without accents, umlauts in pairs.
"""

from __future__ import annotations

GREETINGS = (
    "(hi|hello|hey|dear|good morning|good afternoon|good evening|morning)",
    "(hallo|moin|moin moin|servus|liebe|lieber|gruezi|guten tag|guten morgen|guten abend"
    "|sehr geehrte|sehr geehrter|gruess gott|gruess dich|guete)",
    "(bonjour|bonsoir|salut|cher|chere|chers)",
    "(hoi|beste|dag|goedemorgen|goedemiddag|goedendag|geachte)",
    "(ciao|buongiorno|buon giorno|buonasera|salve|gentile|gentili|egregio|caro|cara)",
    "(hola|buenos dias|buenas tardes|buenas|estimado|estimada|estimados)",
    "(ola|oi|bom dia|boa tarde|boa noite|prezado|prezada|prezados)",
    "(czesc|dzien dobry|witam|dobry den|ahoj|zdravim|hej|kaere|hejsa|god dag|hei|moi|terve|merhaba"
    "|selam|sayın|здравствуйте|добрый день|привет|您好|你好)",
)

ADDRESSED = frozenset((
    "all", "there", "team", "everyone", "everybody", "together", "zusammen", "alle", "mr", "mrs",
    "ms", "sir", "madam", "or", "and", "herr", "frau", "dr", "damen", "und", "herren", "kollegen",
    "liebes", "support", "guys", "folks", "madame", "monsieur", "a", "tous", "allemaal", "allen",
    "heer", "mevrouw", "signora", "signor", "tutti", "todos", "senor", "senora", "pani", "panie",
    "alla", "kaikki", "lieber", "liebe", "dear", "cher", "chere", "caro", "cara",
))  # fmt: skip
"""Who may be greeted in small letters; a name begins with a capital."""

_EN = (
    "(|ok|okay|oh|ah|cool|great|perfect) (thanks|thank you|thx|thank u|thankyou|thanx|thnx|tnx|tks"
    "|ty|tysm|cheers) (|so much|very much|very much indeed|a lot|a bunch|a ton|a million|again"
    "|indeed|kindly|ever so"
    " much|once again|once more|everyone|all|guys|folks|team)",
    "(many|much|big|a thousand|huge|warm|lots of) (thanks|thank you) (|again|indeed|all)",
    "(|a) (big|huge|massive) thank you (|again|to all)",
    "(thanks|thank you|many thanks|thank you very much|thank you so much|thanks a lot"
    "|thanks so much"
    "|thx|cheers) (|again) for (the|your|all your|all the|this|that) (|very|super|really)"
    " (|quick|fast|prompt|swift|kind|great|good|speedy|helpful|clear|excellent|rapid)"
    " (help|reply|answer|response|support|information|info|update|solution|effort|assistance"
    "|feedback|service|work|job|explanation|clarification|confirmation|heads up|time|patience"
    "|efforts|advice|reminder|turnaround)",
    "(thanks|thank you|many thanks|thx) (|so much|very much|a lot|again) for"
    " (|your|all your) (help|everything|helping|helping me|helping us|letting me know"
    "|letting us know|sorting|fixing|getting back to me|getting back to us|getting back"
    "|sorting this|sorting it"
    "|sorting that|sorting this out|sorting it out|sorting that out|fixing this|fixing it"
    "|fixing that"
    "|looking into it|looking into this|confirming|clarifying|understanding|the quick fix|the fix)",
    "(|it is|that is|this is) (|very|much|really|greatly|highly) appreciated",
    "(noted|received|acknowledged) with (|many) thanks",
    "(|i|we) (|really|very much) appreciate (it|that|this|your help|the help)",
    "(i am|we are|im) (very|so|most) grateful",
)
_DANK = (
    "(|ganz|recht|vielen|besten|herzlichen|lieben|tausend|schoenen|grossen)"
    " (danke|dank|danke schoen|danke sehr|lieben dank|herzlichen dank|vielen dank"
    "|vielen lieben dank)"
)
_DE = (
    "(danke|dankeschoen|danke schoen|danke sehr|danke ihnen|danke dir|danke euch|merci|dankend"
    "|merci vielmals|vergelts gott) (|nochmal|nochmals|noch einmal|schoen|sehr|vielmals|vielmal"
    "|bestens|auch|an alle|an euch alle|ihnen|ihnen allen)",
    "(ich|wir) (danke|danken|bedanke mich|bedanken uns) (|ihnen|dir|euch|bei ihnen|bei dir"
    "|bei euch)"
    " (|sehr|herzlich|vielmals|nochmals)",
    "(|ganz) (vielen|herzlichen|besten|schoenen|lieben|tausend|grossen|verbindlichen)"
    " (|lieben|herzlichen) dank (|nochmal|nochmals|noch einmal|auch|ihnen|dir|euch|an alle|dafuer)",
    f"{_DANK} (|nochmals|nochmal) fuer (die|ihre|deine|eure|all ihre)"
    " (|sehr|super|wirklich|so)"
    " (|schnelle|rasche|prompte|gute|tolle|nette|super|freundliche|umgehende|zuegige|kompetente"
    "|ausfuehrliche|kurzfristige|unkomplizierte|grosse)"
    " (hilfe|antwort|rueckmeldung|info|information|informationen|infos|unterstuetzung|loesung"
    "|auskunft|bearbeitung|nachricht|erledigung|muehe|muehen|geduld|bemuehungen|reaktion"
    "|bestaetigung"
    "|erklaerung|klaerung|korrektur|pruefung|zusendung|uebersendung|weiterleitung|arbeit"
    "|betreuung|umsetzung|aufklaerung|zeit)",
    f"{_DANK} fuer (das|ihr|dein|euer)"
    " (|schnelle|rasche|nette|gute) (feedback|update|verstaendnis|bemuehen|kuemmern|engagement)",
    f"{_DANK} fuer (den|ihren|deinen)"
    " (|schnellen|guten|tollen|super) (service|support|hinweis|tipp|einsatz|rueckruf|anruf)",
    f"{_DANK} (fuer alles|fuers kuemmern"
    "|fuers bescheidgeben"
    "|fuers bescheid geben|fuers nachschauen|fuers erledigen|fuers schnelle antworten"
    "|fuers schnelle reagieren|fuers feedback|dafuer|soweit)",
)
_FR = (
    "(|ok|d accord|super|parfait|un grand) (merci|mille mercis|milles mercis|mille merci"
    "|grand merci)"
    " (|beaucoup|bien|infiniment|a vous|a toi|a tous|encore|encore une fois|bcp|enormement)",
    "(|je|nous) (vous|te) (remercie|remercions) (|beaucoup|infiniment|vivement|bien)",
    "(merci|merci beaucoup|grand merci|un grand merci|je vous remercie) (pour|de) (|la|votre|ta"
    "|cette"
    "|l|ton|vos|les|le) (|tres) (|rapide|prompte|excellente|precieuse)"
    " (reponse|aide|info|infos|informations|information|retour|reactivite|support|intervention"
    "|confirmation|efficacite|suivi|explications|precisions) (|rapide|rapides|si rapide)",
)
_NL = (
    "(|ok|oke|top|super|heel erg|hartelijk|heel) (bedankt|dank|dankjewel|dankuwel|dank je|dank u"
    "|dank je wel|dank u wel|dankje|thanks) (|weer|nogmaals|allemaal|hoor|ervoor)",
    "(veel|heel veel|hartelijke) dank",
    "(bedankt|dank|dankjewel|dankuwel|dank je|dank u|dank je wel|dank u wel|hartelijk dank"
    "|heel erg bedankt) voor"
    " (de|uw|je|jullie|het|jouw) (|snelle|vlotte|goede) (reactie|hulp|antwoord|informatie|info"
    "|terugkoppeling|service|moeite|bericht|uitleg|update|ondersteuning)",
)
_IT = (
    "(|ok|perfetto|ottimo|molte|tante|mille) grazie (|mille|tante|infinite|di cuore|ancora|a lei"
    "|a voi|a te|di tutto|a tutti|molte|davvero)",
    "(|la|vi|ti) (ringrazio|ringraziamo) (|molto|tanto|infinitamente|di cuore)",
    "(grazie|grazie mille|molte grazie) (|ancora) (per|della|dell) (|la|il|l|le) (|sua|vostra"
    "|tua|suo"
    "|vostro|tuo) (|rapida|gentile|pronta|celere|veloce|cortese) (risposta|aiuto|disponibilita"
    "|supporto|informazione|informazioni|assistenza|info|riscontro|collaborazione)"
    " (|rapida|veloce)",
)
_ES = (
    "(|ok|vale|perfecto|genial|muchas|muchisimas|mil|un millon de) gracias (|a usted|a ustedes|a ti"
    "|de nuevo|otra vez|por todo|a todos)",
    "(|se|te|le|les) (lo|) (agradezco|agradecemos) (|mucho)",
    "(gracias|muchas gracias|muchisimas gracias|mil gracias) por (|su|tu|la|vuestra|el) (|pronta"
    "|rapida"
    "|buena) (respuesta|ayuda|informacion|atencion|apoyo|gestion|aclaracion|confirmacion"
    "|colaboracion)"
    " (|tan rapida|rapida)",
)
_PT = (
    "(|ok|muito|perfeito) (obrigado|obrigada|obrigados|agradecido|agradecida|obg) (|mesmo"
    "|a todos|mais"
    " uma vez|por tudo|novamente)",
    "(|muito) (agradeco|agradecemos) (|muito|imenso)",
    "(obrigado|obrigada|muito obrigado|muito obrigada) (pela|pelo|por|pelas) (|sua|vossa|tua|seu)"
    " (|rapida|pronta|otima) (resposta|ajuda|atencao|informacao|informacoes|suporte|apoio|retorno"
    "|esclarecimento|disponibilidade)",
)
_OTHERS = (
    "(|ok|bardzo|super|serdecznie|wielkie) (dziekuje|dziekujemy|dzieki) (|bardzo|serdecznie"
    "|uprzejmie|pieknie|wielkie|jeszcze raz)",
    "(dziekuje|dziekujemy|bardzo dziekuje|dzieki) za (|szybka|pomoc i) (odpowiedz|pomoc|informacje"
    "|wsparcie|wyjasnienie|reakcje)",
    "(|ok|moc|mockrat|super|velmi) (dekuji|dekuju|dekujeme|diky|dakujem|dakujeme|dik) (|moc|mockrat"
    "|vam|velmi|pekne|jeste jednou)",
    "(dekuji|dekujeme|diky|dakujem) za (|rychlou|vasi) (odpoved|pomoc|informaci|informace|podporu)",
    "(mange|tusind|ok mange) tak (|for det|for hjælpen)",
    "(|mange|tusind) tak for (hjælpen|svaret|det hurtige svar|hurtigt svar|din hjælp|info"
    "|hurtig hjælp"
    "|opdateringen|det)",
    "(|stort|tusen|ok|jaettestort) tack (|sa mycket|sa jaettemycket|igen|alla)",
    "tack (|sa mycket) foer (hjaelpen|svaret|snabbt svar|det snabba svaret|det|informationen|infon"
    "|all hjaelp|snabb hjaelp)",
    "(|mange|tusen|ok) takk (|skal du ha|igjen|alle sammen)",
    "(|tusen|mange) takk for (hjelpen|svaret|raskt svar|det|informasjonen|rask hjelp"
    "|tilbakemeldingen)",
    "(|ok|suuri|suuret|paljon|iso) (kiitos|kiitokset|kiitoksia|kiitti) (|paljon|avusta|vastauksesta"
    "|nopeasta vastauksesta|tiedosta|kaikille|oikein paljon|paljon avusta|paljon vastauksesta)",
    "(|ок|большое|огромное|хорошо) (спасибо|благодарю|благодарим|спс) (|большое|огромное|вам|вас"
    "|тебе|всем|за помощь|за ответ|за быстрый ответ|вам за помощь|за информацию|за оперативность)",
    "(|ok|cok|tamam) (tesekkuerler|tesekkuer ederim|tesekkuer ederiz|sagol|sag olun|sag ol|sagolun)"
    " (|cok)",
    "(yardımınız|cevabınız|ilginiz|bilgi) icin (|cok) (tesekkuerler|tesekkuer ederim"
    "|tesekkuer ederiz)",
    "(|большое|огромное) спасибо (|большое|огромное|вам) за (|вашу|быструю|быстрый) (помощь|ответ"
    "|информацию|оперативность|поддержку)",
    "(谢谢|多谢|非常感谢|十分感谢|感谢|谢谢您|谢谢你|谢谢你们|谢谢您的帮助|谢谢您的回复|感谢您的帮助"
    "|感谢您的回复|感谢回复|收到谢谢|好的谢谢|谢谢啦|谢了|謝謝|謝謝您|謝謝你|感謝|非常感謝|多謝|感謝您的幫助"
    "|謝謝您的幫助|謝謝您的回覆|收到謝謝)",
    "(ありがとうございます|ありがとうございました|どうもありがとうございます|ありがとう)",
    "(koeszoenoem|koeszoenjuek|koeszi|koeszoenoem szepen|multumesc|multumim|multumesc mult|hvala"
    "|hvala lepa|puno hvala|ευχαριστώ|ευχαριστώ πολύ|gracies|moltes gracies)",
    "(|дуже|щиро) (дякую|дякуємо) (|дуже|вам|за допомогу|за відповідь)",
    "(감사합니다|고맙습니다|감사드립니다|정말 감사합니다|답변 감사합니다)",
)
THANKS = (*_EN, *_DE, *_FR, *_NL, *_IT, *_ES, *_PT, *_OTHERS)
"""What says thank you; one of these there must be."""

ALL_IS_WELL = (
    "(ok|okay|oki|yes|yep|ja|jo|perfect|great|wonderful|excellent|brilliant|super|awesome|fantastic"
    "|lovely|amazing|nice|cool|perfekt|prima|toll|klasse|wunderbar|bestens|spitze|sehr gut"
    "|very good"
    "|very kind|sehr nett|top|genial|hervorragend|sehr schoen|gut|good|wow|alright|all right"
    "|understood"
    "|noted|verstanden|notiert|gerne|alles|mega|fein|great news|great job|good job|great work"
    "|good work|well done|ausgezeichnet|grossartig|supi|jawohl|gut so|sehr freundlich"
    "|sehr hilfreich)",
    "(|and) (|now) (it|that|this|everything|all) (|now|all) (works|worked|is working|is fine"
    "|is good"
    "|is perfect|is well|helped|helps|solved it|fixed it|did it|did the trick|was it|is solved"
    "|is fixed|is great|looks good|is all good|is clear|makes sense|arrived)"
    " (|now|again|fine|perfectly|great|a lot|very well)",
    "(|and) (it|that|this) (|has) (solved|fixed) (|it|the problem|my problem|our problem|the issue"
    "|my issue|our issue)",
    "(|the|my|our) (problem|issue) (solved|fixed|is solved|is fixed|has been solved|is resolved"
    "|resolved)",
    "(|now|it|all|working) (works|worked|solved|fixed|resolved|working|sorted) (|fine"
    "|perfectly|great|like a charm) (|now|again)",
    "(that|this|it) (is|s|was) (|so|very|really|super) (great|perfect|good|fine|quick|fast"
    "|helpful|kind"
    "|excellent|awesome|wonderful|brilliant|lovely|nice|working) (|now|again|of you)",
    "(thats|its|sounds) (great|perfect|good|fine|working) (|now|again)",
    "(you re|you are) (the best|a star|very kind|awesome|great)",
    "(great|top|excellent|super|fantastic|amazing|good) (service|support)",
    "(same to you|you too|likewise)",
    "(all|looks) (good|fine|clear|is well|set|perfect|great) (|now|here)",
    "(|i|we) (|have) (got|received) (it|everything|them)",
    "received",
    "(|hat) (|super|prima|gut|perfekt|einwandfrei|wunderbar|bestens|sofort) (geklappt"
    "|funktioniert)",
    "(|jetzt|nun|so) geht (s|es) (|wieder) (|gut|jetzt)",
    "(das|es) (ging|war) (|ja|aber) (|echt|wirklich|sehr|super) (schnell|flott|fix|prima|toll"
    "|hilfreich"
    "|nett|gut)",
    "(|das ist) (super|sehr|echt|wirklich|ganz) (schnell|nett|hilfreich|freundlich|gut|lieb|toll)"
    " (|von ihnen|von dir|von euch)",
    "(top|toller|super|klasse|prima|guter|bester|spitzen) service",
    "(|die|das|alle|der) (ware|paket|teile|lieferung|sendung|unterlagen|dokumente|datei|ersatzteil"
    "|geld|betrag|gutschrift|alles) (ist|sind) (|heute|gestern|jetzt|gut|bereits) (da|angekommen"
    "|eingetroffen|eingegangen)",
    "ist (|alles|gut|heute) (da|angekommen|eingetroffen)",
    "(ebenso|gleichfalls|ebenfalls|wuensche ich ihnen auch|wuensche ich dir auch)",
    "(okidoki|jep|jup|einverstanden|in ordnung|geht klar|geht in ordnung)",
    "(|dann|jetzt|damit|so) (ist|hat sich|waere) (|jetzt|damit|alles|das) (|alles|damit) (klar"
    "|geklaert"
    "|erledigt|geloest|gut|ok)",
    "(das|es|alles) (|jetzt|nun|so) (passt|klappt|funktioniert|geht|laeuft|hat geklappt"
    "|hat funktioniert|hat geholfen|ist geloest|ist erledigt|war es|wars|stimmt|ist super"
    "|ist perfekt"
    "|ist angekommen|ist prima|ist toll|ist klar|reicht|genuegt|war sehr hilfreich|ist da)"
    " (|so|jetzt|nun|wieder|alles|perfekt|bestens|prima|super|gut|mir)",
    "(|jetzt|nun|und|und jetzt|so) (passt|klappt|funktioniert|geht|laeuft) (|es|das|alles)"
    " (|so|jetzt|nun|wieder|alles|perfekt|bestens|prima|super|gut|einwandfrei)",
    "(|das|es|alles) (hat|hats) (|alles|jetzt|sehr|uns|mir) (|sehr)"
    " (geklappt|funktioniert|geholfen)",
    "(|das|unser|mein) problem (|ist) (|damit|jetzt|nun) (geloest|behoben|erledigt)",
    "(|das|es|alles) (|ist|hat sich|hat sich damit|ist damit) (geloest|erledigt|angekommen|erhalten"
    "|bekommen|da)",
    "alles (klar|gut|bestens|in ordnung|ok|okay|prima|super|perfekt|paletti|roger|top|erledigt)",
    "(sie haben|du hast|ihr habt) (mir|uns) (sehr|wirklich) geholfen",
    "(|ich|wir) (|habe|haben) (|es|alles|sie) (erhalten|bekommen)",
    "(habe|hab|haben) (ich|wir) (|es|alles|sie) (erhalten|bekommen)",
    "(parfait|c est parfait|super|genial|nickel|impeccable|top|tres bien|d accord|ca marche"
    "|tout fonctionne|ca fonctionne|tout marche|c est bon|tout est bon|tout est en ordre|bien recu"
    "|c est note|bien note|entendu|probleme resolu|c est regle|tout est ok|tres gentil)"
    " (|maintenant|a nouveau|pour moi)",
    "(prima|perfect|geweldig|helemaal goed|helemaal top|in orde|duidelijk|opgelost|het werkt"
    "|alles werkt|werkt|gelukt|het is gelukt|akkoord|fijn|mooi|ontvangen|helder) (|nu|weer|zo)",
    "(perfetto|ottimo|benissimo|bene|va bene|tutto bene|tutto ok|tutto a posto|funziona"
    "|tutto funziona"
    "|ora funziona|adesso funziona|risolto|problema risolto|ricevuto|tutto chiaro|gentilissimi"
    "|gentilissimo|gentilissima|molto gentile) (|tutto|ora|adesso)",
    "(perfecto|genial|excelente|estupendo|todo bien|todo correcto|ya funciona|funciona"
    "|todo funciona"
    "|solucionado|resuelto|recibido|vale|de acuerdo|muy amable|entendido|ya esta|listo) (|todo"
    "|ahora)",
    "(perfeito|otimo|excelente|tudo certo|tudo bem|tudo ok|funcionou|ja funciona|esta resolvido"
    "|resolvido|recebido|entendido|combinado|certo) (|agora)",
    "(swietnie|działa|wszystko działa|juz działa|jasne|w porzadku|wszystko w porzadku|doskonale"
    "|rozumiem|super|vyborne|funguje|vse funguje|v poradku|vse v poradku|vyreseno|det virker"
    "|alt virker|det virker nu|fint|det fungerar|det fungerar nu|allt fungerar|toppen|utmaerkt|bra"
    "|det fungerer|det fungerer nu|flott|supert|toimii|toimii nyt|kaikki kunnossa|hienoa|selvae"
    "|loistavaa|все работает|всё работает|все хорошо|всё хорошо|все понятно|всё понятно|отлично"
    "|хорошо"
    "|понятно|получил|получила|заработало|супер|tamam|sueper|harika|收到|好的|明白了|已收到|没问题|已解决"
    "|可以了|解决了|沒問題|已解決)",
)
"""What says no more than that; in a mail that says thank you besides."""

CLOSINGS = (
    "(|with) (|best|kind|kindest|warm|many|warmest) (regards|wishes|greetings)",
    "(cheers|best|all the best|sincerely|yours|yours sincerely|yours faithfully|bye|br|rgds"
    "|take care"
    "|kr)",
    "(|and) (have|enjoy) (a|your) (|very) (nice|good|great|lovely|wonderful|) (day|evening"
    "|weekend|week"
    "|one|rest of the day|rest of your day)",
    "(mfg|lg|vg|bg|gruss|gruesse|beste gruesse|viele gruesse|liebe gruesse|schoene gruesse"
    "|freundliche gruesse|herzliche gruesse|viele liebe gruesse|bis bald|tschuess|liebe gruess"
    "|glg|gvlg"
    "|besten gruss|freundlichen gruss|schoenen gruss|lieben gruss|herzlichst|gruessle|ciao|bis dann"
    "|sonnige gruesse|beste gruess)",
    "(mit|mit den|mit lieben) (|freundlichen|besten|herzlichen|vielen|lieben|schoenen)"
    " (|freundlichen) (gruessen|gruss)",
    "mit freundlichem gruss",
    "(|einen|ein|ich wuensche ihnen einen|ich wuensche ihnen ein|noch einen|noch ein|und einen"
    "|und ein|ihnen auch einen|ihnen auch ein|dir auch einen|dir auch ein)"
    " (schoenen|schoenes|guten|angenehmen|schoene|tollen|gutes) (|rest) (tag|abend|wochenende"
    "|feierabend"
    "|woche|sonntag|freitag|start in die woche) (|noch|ihnen)",
    "(cordialement|bien cordialement|tres cordialement|cdlt|bien a vous|salutations"
    "|sinceres salutations|meilleures salutations|bonne journee|bon week end|bonne soiree"
    "|bon weekend"
    "|bonne fin de journee|a bientot|amicalement|bonne continuation|bonne fin de semaine)",
    "(groet|groeten|groetjes|met vriendelijke groet|met vriendelijke groeten|mvg|vriendelijke groet"
    "|vriendelijke groeten|fijne dag|fijn weekend|prettige dag|gr|fijne dag nog|prettig weekend)",
    "(cordiali saluti|saluti|distinti saluti|buona giornata|buona serata|buon weekend|un saluto"
    "|a presto|un cordiale saluto|buon lavoro|cordialmente)",
    "(saludos|un saludo|saludos cordiales|atentamente|un abrazo|buen dia|buen fin de semana"
    "|que tenga un buen dia|cordialmente|un cordial saludo|feliz dia)",
    "(cumprimentos|com os melhores cumprimentos|melhores cumprimentos|atenciosamente|abraco|abracos"
    "|att|bom fim de semana|cordialmente|com os meus cumprimentos|um abraco)",
    "(pozdrawiam|pozdrowienia|z powazaniem|miłego dnia|serdecznie pozdrawiam|s pozdravem|hezky den"
    "|pekny den|mvh|venlig hilsen|med venlig hilsen|hilsen|bedste hilsner|god weekend"
    "|de bedste hilsner"
    "|med vaenlig haelsning|med vaenliga haelsningar|haelsningar|vaenliga haelsningar|ha en bra dag"
    "|trevlig helg|vennlig hilsen|med vennlig hilsen|ha en fin dag|god helg|terveisin|terv|t"
    "|ystaevaellisin terveisin|hyvaeae viikonloppua|с уважением|хорошего дня|saygılarımla"
    "|iyi guenler"
    "|selamlar|iyi calısmalar|此致|祝好|敬礼)",
)

OTHERWISE = frozenset((
    "but", "however", "although", "still", "not", "no", "never", "yet", "unfortunately",
    "sadly", "only", "except", "again", "broken", "wrong", "missing", "aber", "jedoch", "doch",
    "leider", "nicht", "noch", "kein", "keine", "nur", "trotzdem", "dennoch", "falsch",
    "kaputt", "fehlt", "nein", "nee", "nope", "non", "niet", "nie", "ne", "nej", "nei", "mais",
    "pero", "ma", "mas", "please", "pls", "call", "cancel", "cancelled", "order", "refund",
    "invoice", "question", "help", "urgent", "error", "problem", "issue", "reminder", "return",
    "when", "where", "what", "why", "how", "who", "which", "wait", "stop", "offer", "price",
    "today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "bitte", "rechnung", "frage", "storno", "stornieren", "kuendigung", "angebot",
    "termin", "hilfe", "fehler", "dringend", "wann", "wo", "was", "warum", "wie", "wer",
    "welche", "warte", "bestellung", "lieferung", "paket", "drucker", "heute", "morgen",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "bis",
    "ab", "mahnung", "preis", "adresse", "anhang", "siehe", "rueckruf", "anruf", "anrufen",
    "gutschrift", "reklamation", "for", "fuer", "nothing", "nichts", "facture", "probleme",
    "attached", "enclosed", "anbei", "delivery", "parcel", "printer", "later", "spaeter",
    "asap", "sofort", "telefon", "nummer", "iban", "kunde", "kunden", "mail", "email", "foto",
    "bild", "pumpe", "abbrechen", "ablehnen", "abgelehnt", "declined", "rejected", "failed",
    "defekt", "advance", "voraus", "avance", "anticipo", "antemano", "unsubscribe", "late",
    "back",
))  # fmt: skip
"""What is no name, however it is written."""

REACTED = (
    "(|has) reacted (to your message|to your email|via gmail|with gmail)",
    "(|has) (liked|loved) your (message|email)",
    "hat (auf|) (ihre|deine|eure) (nachricht|e mail) reagiert",
    "hat (ueber|mit|via) gmail reagiert",
    "(gefaellt|gefallen) (ihre|deine) (nachricht|e mail)",
    "(hat|) mag (ihre|deine) nachricht",
    "a reagi (a|au) (|votre|ton) (message|e mail|courriel)",
    "a reagi (via|avec) gmail",
    "(heeft gereageerd op|reageerde op) (uw|je) (bericht|e mail)",
    "heeft gereageerd via gmail",
    "ha reagito (al|alla) (|tuo|suo|vostro|tua|sua) (messaggio|e mail)",
    "ha reagito (tramite|con) gmail",
    "(reacciono|ha reaccionado) (a|al) (|su|tu) (mensaje|correo)",
    "(reacciono|ha reaccionado) (a traves de|con|mediante) gmail",
    "reagiu (a|ao) (|sua|tua|seu|teu) (mensagem|e mail)",
    "reagiu (pelo|via|atraves do) gmail",
    "(zareagował|zareagowała) na (twoja|panstwa) wiadomosc",
    "(reagoval|reagovala|zareagoval|zareagovala) na (vasi|vasu|tvou) zpravu",
    "(reagerede|reagerte|reagerade) (pa|over|paa) (din|ditt|deres) (besked|meddelande|melding)",
    "reagerte pa meldingen din",
    "reagoi viestiisi",
    "(отреагировал|отреагировала) на ваше сообщение",
    "(iletinize|mesajınıza|iletinize bir) tepki verdi",
    "(对你的邮件作出了回应|对您的邮件作出了反应|回应了你的邮件|对您的消息做出了反应|對您的郵件做出反應)",
)
"""What Outlook and Gmail write for a reaction, behind the name of who reacted."""

LIKED = (
    "(liked|loved|hearted|gefaellt|gefaellt mir|liebt|a aime|j aime|aime|vind ik leuk|le gusto"
    "|le ha gustado|me gusta|ha messo mi piace|mi piace|curtiu|gostou|gostou de|synes godt om"
    "|gillade|liker)"
)
"""What telephones write before the words that somebody liked."""
