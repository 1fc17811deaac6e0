/// What OCEL 2.0 says of its form in JSON, written down from the text of the standard (ocel-standard.org, section JSON): the four
/// lists, what each element must have, and the types of attributes.
enum OCELSchema {
    static let text = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "required": ["objectTypes", "eventTypes", "objects", "events"],
          "additionalProperties": false,
          "properties": {
            "objectTypes": {"type": "array", "items": {"$ref": "#/$defs/type"}},
            "eventTypes": {"type": "array", "items": {"$ref": "#/$defs/type"}},
            "objects": {"type": "array", "items": {
              "type": "object", "required": ["id", "type"], "additionalProperties": false,
              "properties": {
                "id": {"type": "string"}, "type": {"type": "string"},
                "attributes": {"type": "array", "items": {
                  "type": "object", "required": ["name", "value", "time"], "additionalProperties": false,
                  "properties": {"name": {"type": "string"}, "value": {"$ref": "#/$defs/value"},
                                 "time": {"type": "string", "format": "date-time"}}}},
                "relationships": {"$ref": "#/$defs/relationships"}}}},
            "events": {"type": "array", "items": {
              "type": "object", "required": ["id", "type", "time"], "additionalProperties": false,
              "properties": {
                "id": {"type": "string"}, "type": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "attributes": {"type": "array", "items": {
                  "type": "object", "required": ["name", "value"], "additionalProperties": false,
                  "properties": {"name": {"type": "string"}, "value": {"$ref": "#/$defs/value"}}}},
                "relationships": {"$ref": "#/$defs/relationships"}}}}
          },
          "$defs": {
            "value": {"type": ["string", "number", "boolean"]},
            "type": {
              "type": "object", "required": ["name", "attributes"], "additionalProperties": false,
              "properties": {"name": {"type": "string"}, "attributes": {"type": "array", "items": {
                "type": "object", "required": ["name", "type"], "additionalProperties": false,
                "properties": {"name": {"type": "string"},
                               "type": {"enum": ["string", "time", "integer", "float", "boolean"]}}}}}},
            "relationships": {"type": "array", "items": {
              "type": "object", "required": ["objectId", "qualifier"], "additionalProperties": false,
              "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}}}}
          }
        }
        """#
}
