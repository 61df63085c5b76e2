"""Expands SAM templates as CloudFormation would: expand.py TEMPLATE... writes TEMPLATE.json
beside each, and prints a line of JSON, {"file", "rule", "message"}, for each that is refused."""

import json
import sys

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

CODE = "s3://bucket/key"  # the translator knows uploaded code only


def expand(path):
    with open(path, encoding="utf-8") as file:
        template = yaml_parse(file)
    template["Globals"]["Function"]["CodeUri"] = CODE
    session = boto3.Session(region_name="us-east-1")  # for the partition; nothing is called
    expanded = Translator({}, Parser(), boto_session=session).translate(template, {})
    with open(path + ".json", "w", encoding="utf-8") as file:
        json.dump(expanded, file)


for path in sys.argv[1:]:
    try:
        expand(path)
    except InvalidDocumentException as error:
        print(json.dumps({"file": path, "rule": "SAM", "message": error.message + str([c.message for c in error.causes])}))
