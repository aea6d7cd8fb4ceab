"""Printed forms (domain/annexes.md): each is one documented context, filled into Word, Excel, HTML, PDF, CSV and JSON."""
