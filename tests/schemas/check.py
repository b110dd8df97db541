#!/usr/bin/env python3
"""Hold documents against share/schemas, with a validator that is not ours.

check.py self DIR                   the schemas are sound and stand alone
check.py broken DIR                 they take what is good, refuse what is not
check.py document DIR NAME FILE...  each file is one document
check.py lines DIR NAME FILE...     each line of each file is one document
check.py list DIR LIST              lines "document|lines NAME FILE LABEL",
                                    with tabs between, say what to check
check.py samples NAME OUT           write OUT/good-N and OUT/bad-N

FILE "-" is standard input.  A document must also be strict JSON: no NaN, no
duplicate keys, UTF-8.  Exits with 1 and a line for each thing that is wrong.
"""
import json
import os
import sys

import jsonschema

from samples import SAMPLES

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def unique(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError("duplicate key %r" % key)
    return dict(pairs)


def refuse_constant(text):
    raise ValueError("%s is not JSON" % text)


def parse(data):
    return json.loads(data.decode("utf-8"), object_pairs_hook=unique,
                      parse_constant=refuse_constant)


def read(path):
    if path == "-":
        return sys.stdin.buffer.read()
    with open(path, "rb") as stream:
        return stream.read()


def schema_files(directory):
    return sorted(name for name in os.listdir(directory)
                  if name.endswith(".schema.json"))


def load(directory, name):
    return parse(read(os.path.join(directory, name + ".schema.json")))


def validator(directory, name):
    return jsonschema.Draft202012Validator(load(directory, name))


def complaints(checker, document):
    for error in sorted(checker.iter_errors(document), key=str):
        # the branch of a oneOf or anyOf that came nearest says more
        best = jsonschema.exceptions.best_match([error])
        where = "".join("[%r]" % part for part in best.absolute_path)
        yield "%s: %s" % (where or ".", best.message[:300])


# ------------------------------------------------------------------ self


def walk(node):
    yield node
    children = node.values() if isinstance(node, dict) else \
        node if isinstance(node, list) else ()
    for child in children:
        yield from walk(child)


def resolves(schema, ref):
    node = schema
    for part in ref[2:].split("/"):
        node = node.get(part) if isinstance(node, dict) else None
    return node is not None


def check_schema(directory, file):
    schema = parse(read(os.path.join(directory, file)))
    if schema.get("$schema") != DRAFT:
        yield "$schema is not that of draft 2020-12"
    if schema.get("$id") != file:
        yield "$id is not the name of the file"
    for key in ("title", "description"):
        if not schema.get(key):
            yield "no " + key
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield "not a valid schema: " + error.message
    used = set()
    for node in walk(schema):
        ref = node.get("$ref") if isinstance(node, dict) else None
        if ref is None:
            continue
        used.add(ref)
        if not ref.startswith("#/") or not resolves(schema, ref):
            yield "$ref %s leads nowhere in this file" % ref
    for name in schema.get("$defs", {}):
        if "#/$defs/" + name not in used:
            yield "$defs/%s is not used" % name


def self_check(directory):
    files = schema_files(directory)
    if not files:
        yield "%s: no schemas" % directory
    for file in files:
        for text in check_schema(directory, file):
            yield "%s: %s" % (file, text)
        if file[:-len(".schema.json")] not in SAMPLES:
            yield "%s: no samples" % file


# ---------------------------------------------------------------- broken


def changed(document, path, value):
    """A copy with the member at path replaced; removed if value is ..."""
    copy = json.loads(json.dumps(document))
    node = copy
    for part in path[:-1]:
        node = node[part]
    if value is ...:
        del node[path[-1]]
    else:
        if isinstance(node, list) and path[-1] == len(node):
            node.append(None)
        node[path[-1]] = value
    return copy


def check_samples(directory):
    for name, sets in SAMPLES.items():
        checker = validator(directory, name)
        for base, good, bad in sets:
            for document in [base] + [changed(base, *g) for g in good]:
                for text in complaints(checker, document):
                    yield "%s refuses %s: %s" % (
                        name, json.dumps(document), text)
            for path, value in bad:
                if checker.is_valid(changed(base, path, value)):
                    what = "no member" if value is ... else \
                        json.dumps(value)
                    yield "%s accepts %s at %s of %s" % (
                        name, what, path, json.dumps(base))


def write_samples(name, directory):
    """For those who want to judge the samples themselves."""
    number = 0
    for base, good, bad in SAMPLES[name]:
        for kind, changes in (("good", [((), None)] + good), ("bad", bad)):
            for path, value in changes:
                number += 1
                document = changed(base, path, value) if path else base
                out = os.path.join(directory, "%s-%d" % (kind, number))
                with open(out, "w", encoding="utf-8") as stream:
                    json.dump(document, stream)
    return ()


# ------------------------------------------------------------- documents


def check_file(checker, file, by_line):
    """Number and text of what is wrong; an empty file is wrong."""
    data = read(file)
    parts = data.splitlines() if by_line else [data]
    for number, part in enumerate(parts, 1):
        try:
            document = parse(part)
        except ValueError as error:
            yield number, str(error)
            continue
        for text in complaints(checker, document):
            yield number, text
    if not parts:
        yield 0, "nothing to check"


def check_documents(directory, name, files, by_line):
    checker = validator(directory, name)
    for file in files:
        for number, text in check_file(checker, file, by_line):
            yield "%s:%d: not a %s: %s" % (file, number, name, text)


def check_list(directory, file):
    checkers = {}
    for line in read(file).decode("utf-8").splitlines():
        kind, name, copy, label = line.split("\t")
        if name not in checkers:
            checkers[name] = validator(directory, name)
        for number, text in check_file(checkers[name], copy,
                                       kind == "lines"):
            yield "%s:%d: not a %s: %s" % (label, number, name, text)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "self":
        found = self_check(arguments[1])
    elif len(arguments) == 2 and arguments[0] == "broken":
        found = check_samples(arguments[1])
    elif len(arguments) == 3 and arguments[0] == "samples":
        found = write_samples(arguments[1], arguments[2])
    elif len(arguments) == 3 and arguments[0] == "list":
        found = check_list(arguments[1], arguments[2])
    elif len(arguments) > 3 and arguments[0] in ("document", "lines"):
        found = check_documents(arguments[1], arguments[2], arguments[3:],
                                arguments[0] == "lines")
    else:
        sys.exit(__doc__)
    status = 0
    for text in found:
        print(text)
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
