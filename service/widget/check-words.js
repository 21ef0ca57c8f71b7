/** What a check of an embedding says, in plain words; each with what to do. */

const EN = {
  title: "Check of the embedding",
  good: "In order",
  bad: "To be mended",
  hint: "To know",
  reachable: "The service answers this browser.",
  unreachable: "The service does not answer: {detail}. Is the address right? Does a network or an extension block it?",
  policyHere: "This page’s Content-Security-Policy blocks the service. Add: {detail}",
  policy: "Your Content-Security-Policy lacks this. Add: {detail}",
  policyFine: "Your Content-Security-Policy lets the service in.",
  mixed: "Your site uses https and the service http ({detail}). Browsers block that: give the service https.",
  there: "The conversation is there.",
  gone: "There is no conversation with this id. Copy the id from the page “Share”.",
  answers: "The service answers with status {detail}. Try again, and tell whoever runs it.",
  framed: "{detail} may show the conversation in a frame.",
  notFramed: "{detail} may not show the conversation in a frame. Add it at the desk, under “Settings”, or use the script.",
  anonymous: "Everybody may take part, without signing in.",
  identityNeeded: "Visitors sign in first: your page must hand over your server’s signed word (identityToken).",
  codeNeeded: "Visitors need a code from a letter.",
  storage: "This browser keeps votes between visits.",
  noStorage: "This browser keeps nothing for this page: it works, but votes are new at each visit.",
  noId: "An <opinion-widget> has no conversation. Write conversation=\"…\".",
  waits: "The page says that it will hand over who the visitor is (identity-token), and did not.",
  modules: "The widget’s own script did not start. Look for {detail} in the browser’s console.",
  silent: "The frame says nothing: it was refused or blocked. The browser’s console says by what.",
  nothing: "There is no conversation of this service on this page. Is it added later, or is the address another?",
};

const NL = {
  title: "Controle van de inbedding",
  good: "In orde",
  bad: "Nog te doen",
  hint: "Goed om te weten",
  reachable: "De dienst geeft deze browser antwoord.",
  unreachable: "De dienst geeft geen antwoord: {detail}. Klopt het adres? Houdt een netwerk of extensie het tegen?",
  policyHere: "De Content-Security-Policy van deze pagina houdt de dienst tegen. Voeg toe: {detail}",
  policy: "Dit ontbreekt in uw Content-Security-Policy. Voeg toe: {detail}",
  policyFine: "Uw Content-Security-Policy laat de dienst toe.",
  mixed: "Uw site gebruikt https en de dienst http ({detail}). Browsers blokkeren dat: geef de dienst https.",
  there: "Het gesprek is er.",
  gone: "Er is geen gesprek met dit id. Kopieer het id van de pagina ‘Delen’.",
  answers: "De dienst antwoordt met status {detail}. Probeer het opnieuw en meld het aan de beheerder.",
  framed: "{detail} mag het gesprek in een frame tonen.",
  notFramed: "{detail} mag het gesprek niet in een frame tonen. Voeg de site toe bij ‘Instellingen’, of gebruik het script.",
  anonymous: "Iedereen mag meedoen, zonder in te loggen.",
  identityNeeded: "Bezoekers loggen eerst in: uw pagina geeft het getekende woord van uw server door (identityToken).",
  codeNeeded: "Bezoekers hebben een code uit een brief nodig.",
  storage: "Deze browser bewaart stemmen tussen bezoeken.",
  noStorage: "Deze browser bewaart niets voor deze pagina: het werkt, maar stemmen zijn bij elk bezoek nieuw.",
  noId: "Een <opinion-widget> heeft geen gesprek. Schrijf conversation=\"…\".",
  waits: "De pagina zegt dat zij doorgeeft wie de bezoeker is (identity-token), en deed dat niet.",
  modules: "Het script van de widget is niet gestart. Zoek {detail} in de console van de browser.",
  silent: "Het frame zegt niets: het is geweigerd of geblokkeerd. De console van de browser zegt waardoor.",
  nothing: "Op deze pagina staat geen gesprek van deze dienst. Komt het later, of is het adres anders?",
};

/** Return a function that says a finding in the reader's language. */
export function sayer(language) {
  const texts = String(language).toLowerCase().startsWith("nl") ? NL : EN;
  return (key, detail = "") => texts[key].replace("{detail}", () => detail);
}
