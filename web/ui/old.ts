// What Chromium 64–70 and Safari 12 lack and our libraries take for granted. Loaded before everything else.
const self = window as unknown as { globalThis?: Window };
if (!self.globalThis) self.globalThis = window;

export {};
