"""What pages say of competencies and of officers, as plain values."""
