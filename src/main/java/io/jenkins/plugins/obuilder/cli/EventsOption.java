package io.jenkins.plugins.obuilder.cli;

import picocli.CommandLine.Option;

/** The option that says how a command tells what it does. */
final class EventsOption {
    @Option(
            names = "--events",
            paramLabel = "text|jsonl",
            defaultValue = "text",
            description =
                    "How to tell: for people, or a JSON object a line (docs/events.md; default: ${DEFAULT-VALUE}).")
    private Format events;

    /** How a command tells what it does. */
    enum Format {
        TEXT,
        JSONL
    }

    boolean json() {
        return events == Format.JSONL;
    }
}
