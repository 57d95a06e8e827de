"""From findings and reach to an answer: weigh in context, follow powers, decide, set limits."""
