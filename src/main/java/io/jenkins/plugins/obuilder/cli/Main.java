package io.jenkins.plugins.obuilder.cli;

/** The {@code obuilder} command. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("obuilder");
    }
}
