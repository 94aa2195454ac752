// Compiles the Python of zip archives (wheels, the standard library) to bytecode, with the Python that will run them.
// In the browser a third of the start would otherwise be spent on compiling, at every visit.
// usage: node compile.mjs FOLDER_OF_PYODIDE IN_FOLDER OUT_FOLDER
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [core, source, target] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: core, stdout: () => {} });

python.runPython(`
import ast, importlib._bootstrap_external as external, importlib.util, warnings, zipfile

warnings.simplefilter("ignore")

def without_docstrings(tree):
    """Nobody reads help texts in an exercise; they are a quarter of the bytes."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                # An empty text and not None: some packages format their own docstrings.
                first.value.value = ""
    return tree

def compiled(name, data):
    code = compile(without_docstrings(ast.parse(data, name)), name, "exec", dont_inherit=True)
    return bytes(external._code_to_hash_pyc(code, importlib.util.source_hash(data), False))

def convert():
    with zipfile.ZipFile("/in.zip") as old, zipfile.ZipFile("/out.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for entry in old.infolist():
            name, data = entry.filename, old.read(entry)
            if name.endswith(".py"):
                name, data = name + "c", compiled(name, data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
`);

for (const name of readdirSync(source).sort()) {
  python.FS.writeFile("/in.zip", readFileSync(join(source, name)));
  python.runPython("convert()");
  writeFileSync(join(target, name), python.FS.readFile("/out.zip"));
}
