package io.drover.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A rule of {@code alerts.yaml}. */
record Alert(
        String name, String expression, String duration, Map<String, String> labels, Map<String, String> annotations) {

    static final Path DIRECTORY = Path.of("kustomize/components/monitoring");
    static final Path RULES = DIRECTORY.resolve("alerts.yaml");
    static final String API = "https://drover.example.com";
    private static final String RUNBOOKS = "https://docs.example.com/drover/runbooks/";

    static List<Alert> all() {
        return list(yaml(RULES).get("groups")).stream()
                .flatMap(group -> list(group.get("rules")).stream())
                .map(rule -> new Alert(
                        rule.get("alert").toString(),
                        rule.get("expr").toString(),
                        String.valueOf(rule.get("for")),
                        strings(rule.get("labels")),
                        strings(rule.get("annotations"))))
                .toList();
    }

    /** As in the names of its files: {@code DroverToolFailing} is {@code tool-failing}. */
    String slug() {
        return name.replaceFirst("^Drover", "")
                .replaceAll("(?<!^)([A-Z])", "-$1")
                .toLowerCase();
    }

    Path runbook() {
        return Path.of("docs/runbooks", slug() + ".md");
    }

    String runbookUrl() {
        return RUNBOOKS + slug() + ".md";
    }

    Path tests() {
        return Path.of("src/test/resources/alerts", slug() + ".yaml");
    }

    static Map<String, Object> yaml(Path file) {
        try {
            return new Yaml().load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Object maps) {
        return maps == null ? List.of() : (List<Map<String, Object>>) maps;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> strings(Object map) {
        return map == null ? Map.of() : (Map<String, String>) map;
    }

    @Override
    public String toString() {
        return name;
    }
}
