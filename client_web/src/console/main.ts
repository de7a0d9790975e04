import "../ui/page.css";
