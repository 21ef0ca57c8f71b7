// The code of an invitation stands behind the `#`, which browsers send nowhere: it is put into its field here.

const code = window.location.hash.slice(1);
const field = document.getElementById("code");
if (/^[\w-]{43}$/.test(code)) {
  field.value = code;
  // What lies in the address stays in the browser's history; what is in the field doesn't.
  history.replaceState(null, "", window.location.pathname + window.location.search);
}
if (field.value) {
  document.getElementById("code-field").hidden = true;
}
