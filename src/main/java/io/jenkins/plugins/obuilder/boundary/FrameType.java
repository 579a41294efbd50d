package io.jenkins.plugins.obuilder.boundary;

import java.util.Optional;

/** The kinds of frames. A channel's number is 0 where a frame belongs to none. */
enum FrameType {
    /** To the caller, first of all: JSON that tells which protocol the root side speaks. */
    HELLO('H'),
    /** To the caller: a piece of the build's standard output. */
    OUT('O'),
    /** To the caller: a piece of its standard error. */
    ERR('E'),
    /** To the caller: a question about files, to be answered on this channel. */
    CALL('C'),
    /** To the caller: so many bytes more may be sent on this channel (32 bits). */
    CREDIT('W'),
    /** To the caller: nobody listens on this channel any more. */
    DROP('X'),
    /** To the caller: the result, as the file of {@code --result} has it. */
    RESULT('R'),
    /** To the caller, last of all: the exit status (32 bits). */
    EXIT('Q'),

    /** To root: a piece of the request. */
    REQUEST('q'),
    /** To root: a piece of an answer. */
    DATA('d'),
    /** To root: the answer is complete. */
    END('e'),
    /** To root: there is no answer, and why. */
    FAIL('f'),
    /** To root: the build is not wanted any more: the exit status (32 bits), then why. */
    CANCEL('c'),
    /** To root: the caller is there. */
    ALIVE('a');

    final byte code;

    FrameType(char code) {
        this.code = (byte) code;
    }

    static Optional<FrameType> of(int code) {
        for (FrameType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
