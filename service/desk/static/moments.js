// Moments are sent in UTC and shown in the time of whoever reads.

const fields = document.querySelectorAll('input[type="datetime-local"]');
const twoDigits = (number) => String(number).padStart(2, "0");

for (const field of fields) {
  if (!field.value) continue;
  const moment = new Date(`${field.value}Z`);
  const day = [moment.getFullYear(), twoDigits(moment.getMonth() + 1), twoDigits(moment.getDate())].join("-");
  field.value = `${day}T${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
}
for (const note of document.querySelectorAll(".utc-note")) note.hidden = true;

document.querySelector("form.fields").addEventListener("formdata", (event) => {
  for (const name of ["phase_starts_at", "phase_ends_at"]) {
    const local = event.formData.getAll(name);
    event.formData.delete(name);
    for (const one of local) event.formData.append(name, one ? new Date(one).toISOString() : "");
  }
});
