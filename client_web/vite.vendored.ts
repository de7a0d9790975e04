/**
 * Third-party parts of 3D and try-on that a bundler cannot take as they are: decoders and models that are loaded by
 * address, and two scripts that a strict content security policy would stop. Everything is served from our own origin.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "vite";

const ID = "virtual:vendored";
const require = createRequire(import.meta.url);

/** Folder of an installed package. */
function folderOf(name: string): string {
  const entry = require.resolve(name);
  const end = entry.lastIndexOf(join("node_modules", name)) + join("node_modules", name).length;
  return entry.slice(0, end);
}

/** Replaces what must be there exactly once: a new version of the package has to be looked at again. */
export function replaceOnce(text: string, from: string | RegExp, to: string): string {
  const parts = text.split(from);
  const found =
    typeof from === "string" ? parts.length - 1 : (text.match(new RegExp(from, "g")) ?? []).length;
  if (found !== 1)
    throw new Error(`vendored script changed: found ${found} times: ${String(from).slice(0, 80)}`);
  return text.replace(from, () => to);
}

/**
 * The WASM glue of MediaPipe makes functions from text, which would need 'unsafe-eval' on our pages and on those of
 * every shop. The same three functions as closures (as newer Emscripten does with DYNAMIC_EXECUTION=0).
 */
export function withoutEval(script: string): string {
  let text = replaceOnce(
    script,
    /return new Function\("body","return function "\+name\+"\(\) \{\\n"\+' {4}"use strict";'\+" {4}return body\.apply\(this, arguments\);\\n"\+"\};\\n"\)\(body\)/,
    "return{[name]:function(){return body.apply(this,arguments)}}[name]",
  );
  text = replaceOnce(
    text,
    "args1.push(invokerFnBody);var invokerFunction=new_(Function,args1).apply(null,args2);",
    `var invokerFunction=function(){
if(arguments.length!==argCount-2)throwBindingError("function "+humanName+" called with "+arguments.length+" arguments, expected "+(argCount-2)+" args!");
var stack=needsDestructorStack?[]:null,wired=[cppTargetFunc];
if(isClassMethodFunc)wired.push(argTypes[1].toWireType(stack,this));
for(var k=2;k<argCount;++k)wired.push(argTypes[k].toWireType(stack,arguments[k-2]));
var rv=cppInvokerFunc.apply(null,wired);
if(needsDestructorStack)runDestructors(stack);
else for(var n=isClassMethodFunc?1:2;n<argTypes.length;++n){var destroy=argTypes[n].destructorFunction;if(destroy!==null)destroy(wired[isClassMethodFunc?n:n-1])}
if(returns)return argTypes[0].fromWireType(rv)};`,
  );
  return replaceOnce(
    text,
    "params.push(functionBody);var invokerFunction=new_(Function,params).apply(null,args);",
    `var invokerFunction=function(handle,name,destructors,pointer){
var values=[],at=0;
for(var k=1;k<argCount;++k){values.push(types[k].readValueFromPointer(pointer+at));at+=types[k]["argPackAdvance"]}
var rv=handle[name].apply(handle,values);
for(var n=1;n<argCount;++n)if(types[n]["deleteObject"])types[n].deleteObject(values[n-1]);
if(!retType.isVoid)return retType.toWireType(destructors,rv)};`,
  );
}

/** model-viewer writes its styles as an element, which "style-src 'self'" refuses; constructed sheets are allowed. */
export function withConstructedStyles(template: string): string {
  const styles = /<style>([\s\S]*?)<\/style>/.exec(template)?.[1];
  if (styles === undefined || styles.includes("${")) throw new Error("model-viewer's template has changed");
  const text = replaceOnce(template, `<style>${styles}</style>`, "");
  return replaceOnce(
    text,
    "render(templateResult, shadowRoot);",
    `render(templateResult, shadowRoot);
    // taken by the element itself when it is connected: it replaces what its root has adopted before
    const { elementStyles } = shadowRoot.host.constructor;
    if (elementStyles.length === 0) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(${JSON.stringify(styles)});
      elementStyles.push(sheet);
    }`,
  );
}

interface Vendored {
  /** Folder in the build, without its version. */
  name: string;
  from: string;
  files: readonly string[];
  change?: Record<string, (text: string) => string>;
}

function vendored(): Record<"faceMesh" | "draco" | "basis", Vendored> {
  const libs = join(folderOf("three"), "examples/jsm/libs");
  return {
    faceMesh: {
      name: "face-mesh",
      from: folderOf("@mediapipe/face_mesh"),
      // browsers without WASM SIMD are older than the syntax of our own scripts
      files: [
        "face_mesh.js",
        "face_mesh.binarypb",
        "face_mesh_solution_packed_assets.data",
        "face_mesh_solution_packed_assets_loader.js",
        "face_mesh_solution_simd_wasm_bin.js",
        "face_mesh_solution_simd_wasm_bin.wasm",
      ],
      change: { "face_mesh_solution_simd_wasm_bin.js": withoutEval },
    },
    draco: {
      name: "draco",
      from: join(libs, "draco/gltf"),
      files: ["draco_decoder.js", "draco_decoder.wasm", "draco_wasm_wrapper.js"],
    },
    basis: {
      name: "basis",
      from: join(libs, "basis"),
      files: ["basis_transcoder.js", "basis_transcoder.wasm"],
    },
  };
}

/** Emits the files under their own names in a folder named after their content, and `virtual:vendored` with the folders' addresses. */
export function vendoredParts(): Plugin {
  return {
    name: "vendored-parts",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null;
      const lines = Object.entries(vendored()).map(([key, { name, from, files, change }]) => {
        const sources = files.map((file) => {
          const bytes = readFileSync(join(from, file));
          const edit = change?.[file];
          return { file, source: edit === undefined ? bytes : edit(bytes.toString("utf8")) };
        });
        const hash = createHash("sha256");
        for (const { source } of sources) hash.update(source);
        const folder = `assets/${name}-${hash.digest("hex").slice(0, 10)}`;
        const [first] = sources.map(({ file, source }) =>
          this.emitFile({ type: "asset", fileName: `${folder}/${file}`, source }),
        );
        return `export const ${key} = new URL(".", import.meta.ROLLUP_FILE_URL_${first}).href;`;
      });
      return lines.join("\n");
    },
    transform: {
      filter: { id: /@google\/model-viewer\/lib\/template\.js/ },
      handler: (code) => withConstructedStyles(code),
    },
  };
}
