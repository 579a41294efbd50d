package io.jenkins.plugins.obuilder.spec;

/**
 * A spec that cannot be read. {@link #getMessage} is for its author: {@code file:line:column: what is wrong}, the line itself and a
 * caret below the place.
 */
public final class SpecException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final int column;
    private final String problem;

    SpecException(String file, int line, int column, String problem, String excerpt) {
        super(file + ":" + line + ":" + column + ": " + problem + "\n" + excerpt);
        this.file = file;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    /** The file's name as it was given to the reader. */
    public String file() {
        return file;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The column in characters, from 1; a byte that belongs to no UTF-8 character counts as one. */
    public int column() {
        return column;
    }

    /** What is wrong, without position and excerpt. */
    public String problem() {
        return problem;
    }
}
