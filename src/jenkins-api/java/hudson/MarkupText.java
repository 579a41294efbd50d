package hudson;

/** Stands for the class of the same name in Jenkins core. */
public class MarkupText extends AbstractMarkupText {
    private final String text;
    private String marked;

    public MarkupText(String text) {
        this.text = text;
        marked = text;
    }

    @Override
    public String getText() {
        return text;
    }

    /** One pair of tags is enough for tests. */
    @Override
    public void addMarkup(int startPos, int endPos, String startTag, String endTag) {
        marked = text.substring(0, startPos) + startTag + text.substring(startPos, endPos) + endTag + text.substring(endPos);
    }

    public String toString(boolean preEscape) {
        return marked;
    }
}
