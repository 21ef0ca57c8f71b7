// Swagger UI over the two documents of this service; nothing is fetched from, or told to, anybody else.

const main = document.querySelector("#api");

globalThis.SwaggerUIBundle({
  dom_id: "#api",
  urls: [
    { name: "Poldermodel", url: main.dataset.own },
    { name: "For tools made for Polis", url: main.dataset.polis },
  ],
  presets: [globalThis.SwaggerUIBundle.presets.apis, globalThis.SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  // A key typed here stays in this tab only.
  persistAuthorization: false,
  validatorUrl: null,
});
